using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Losses;

/// <summary>Losses of the difference between output and target, which has the output's shape.</summary>
internal abstract record DifferenceLoss : Loss
{
    internal override Input Target(Value output) => new(Label.Fixed("target"), output.Type, InputKind.Target);

    internal override Value Of(IReadOnlyList<Value> outputs, Value target) => OfDifference(outputs[0] - target);

    private protected abstract Value OfDifference(Value d);
}

internal sealed record MeanSquaredErrorLoss : DifferenceLoss
{
    private protected override Value OfDifference(Value d) => (d * d).Mean(d.AllAxes());
}

internal sealed record QuadraticLoss : DifferenceLoss
{
    private protected override Value OfDifference(Value d) => 0.5 * (d * d).Sum([.. d.AllAxes().Skip(1)]).Mean([0]);
}

internal sealed record MeanAbsoluteErrorLoss : DifferenceLoss
{
    private protected override Value OfDifference(Value d) => d.Abs().Mean(d.AllAxes());
}

internal sealed record HuberLoss(double Delta) : DifferenceLoss
{
    /// <summary>With m = min(|d|, delta): m·(|d| − ½m).</summary>
    private protected override Value OfDifference(Value d)
    {
        Value magnitude = d.Abs(), near = magnitude.Minimum(Delta);
        return (near * (magnitude - (0.5 * near))).Mean(d.AllAxes());
    }
}
