using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Losses;

internal sealed record SoftmaxCrossEntropyLoss : LabelLoss
{
    private readonly double[] _weights;

    public SoftmaxCrossEntropyLoss(double labelSmoothing, IEnumerable<double>? classWeights, long? ignoredLabel)
    {
        LabelSmoothing = Require(labelSmoothing, labelSmoothing is >= 0 and < 1, nameof(labelSmoothing), "at least 0 and below 1");
        IgnoredLabel = ignoredLabel;
        _weights = [.. classWeights ?? []];
        foreach (double weight in _weights)
        {
            Require(weight, weight >= 0 && double.IsFinite(weight), nameof(classWeights), "finite numbers of at least 0");
        }
    }

    public double LabelSmoothing { get; }

    public string ClassWeights => string.Join(" ", _weights);

    public long? IgnoredLabel { get; }

    internal override bool IsCrossEntropy => true;

    internal override Value Of(IReadOnlyList<Value> outputs, Value target)
    {
        Value scores = outputs[0].Producer is { Op: Softmax } softmax ? softmax.Inputs[0] : outputs[0];
        long classes = scores.Shape[1].Size;
        Constant range = Constants.Vector([.. Enumerable.Range(0, (int)classes).Select(k => (long)k)]);
        Value right = target.ReshapeTo(target.Shape[0], 1).IsEqual(range);
        Value Spread(double there, double elsewhere) => right.Where(Arithmetic.Number(there, scores), Arithmetic.Number(elsewhere, scores));
        double share = LabelSmoothing / classes;
        Value logs = scores.LogSoftmax() * Spread(1 - LabelSmoothing + share, share);
        if (_weights.Length == 0 && IgnoredLabel is null)
        {
            return -1 * logs.Sum([1]).Mean([0]);
        }

        Constant weights = Weights(classes, scores.Type.Element);
        Value counted = IgnoredLabel is null
            ? Arithmetic.Number(1, scores)
            : target.IsEqual(Constants.Vector(IgnoredLabel.Value)).Where(Arithmetic.Number(0, scores), Arithmetic.Number(1, scores));
        Value loss = ((logs * weights).Sum([1]) * counted).Sum([0]), count = ((Spread(1, 0) * weights).Sum([1]) * counted).Sum([0]);

        // A batch of ignored samples only has neither loss nor gradient.
        return -1 * loss / count.Maximum(1e-12);
    }

    private Constant Weights(long classes, ElementType type)
    {
        if (_weights.Length != 0 && _weights.Length != classes)
        {
            throw new CnnGraphException($"The loss has weights for {_weights.Length} classes, but the network tells {classes} apart.");
        }

        float[] weights = _weights.Length == 0 ? [.. Enumerable.Repeat(1f, (int)classes)] : [.. _weights.Select(w => (float)w)];
        return Constants.Floats(weights, [classes], type);
    }
}

internal sealed record SigmoidCrossEntropyLoss : Loss
{
    internal override Input Target(Value output) => new(Label.Fixed("target"), output.Type, InputKind.Target);

    /// <summary>max(x, 0) − x·t + ln(1 + exp(−|x|)).</summary>
    internal override Value Of(IReadOnlyList<Value> outputs, Value target)
    {
        Value x = outputs[0].Producer is { Op: Sigmoid } sigmoid ? sigmoid.Inputs[0] : outputs[0];
        return (x.Relu() - (x * target) + (1 + (-1 * x.Abs()).Exp()).Log()).Mean(x.AllAxes());
    }
}
