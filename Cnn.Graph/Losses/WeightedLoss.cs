using Cnn.Graph.Ir;

namespace Cnn.Graph.Losses;

internal sealed record WeightedLoss : Loss
{
    private readonly (double Weight, Loss Loss)[] _heads;

    public WeightedLoss(IReadOnlyList<(double Weight, Loss Loss)> heads)
    {
        if (heads.Count == 0 || !heads.All(h => double.IsFinite(h.Weight)))
        {
            throw new ArgumentException("A weighted loss needs at least one head, each with a finite weight.", nameof(heads));
        }

        _heads = [.. heads];
    }

    public string Heads => string.Join(" + ", _heads.Select(h => FormattableString.Invariant($"{h.Weight}·{h.Loss}")));

    internal override Input Target(Value output) => _heads[0].Loss.Target(output);

    internal override Value Of(IReadOnlyList<Value> outputs, Value target)
    {
        if (outputs.Count < _heads.Length)
        {
            throw new CnnGraphException($"The loss weighs {_heads.Length} outputs, but the network has {outputs.Count}.");
        }

        return _heads.Select((h, i) => h.Weight * h.Loss.Of([outputs[i]], target)).Aggregate((a, b) => a + b);
    }

    internal override Value? CountCorrect(Value output, Value target) => _heads[0].Loss.CountCorrect(output, target);
}
