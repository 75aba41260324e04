using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>What training makes small: a scalar of the network's output and of what it should have been.</summary>
public abstract record Loss
{
    /// <summary>
    /// Softmax followed by cross-entropy, the mean over the batch of −log p(label). The network gives scores ("logits"); where it ends
    /// in a softmax, the loss takes the scores before it. The target is a class label [N] from 0 (64-bit integers).
    /// </summary>
    public static Loss SoftmaxCrossEntropy() => new SoftmaxCrossEntropyLoss();

    /// <summary>
    /// The mean over all elements of (output − target)². The target has the output's shape; labelled pictures are trained towards 1 for
    /// the right class and 0 for the others.
    /// </summary>
    public static Loss MeanSquaredError() => new MeanSquaredErrorLoss();

    /// <summary>Whether the loss is the cross-entropy that evaluation measures.</summary>
    internal virtual bool IsCrossEntropy => false;

    /// <summary>The input that holds what the output should have been.</summary>
    /// <param name="output">The network's output.</param>
    internal abstract Input Target(Value output);

    /// <summary>The scalar.</summary>
    internal abstract Value Of(Value output, Value target);

    /// <summary>How many samples of the batch were answered rightly, as a float scalar; null where the question makes no sense.</summary>
    internal virtual Value? CountCorrect(Value output, Value target) => null;
}

internal sealed record SoftmaxCrossEntropyLoss : Loss
{
    internal override bool IsCrossEntropy => true;

    internal override Input Target(Value output) => output.Shape.Rank == 2
        ? new Input(Label.Fixed("label"), new TensorType(ElementType.Int64, new Shape(output.Shape[0])), InputKind.Target)
        : throw new CnnGraphException($"Softmax cross-entropy takes scores [N, classes], but '{output.Name}' is {output.Shape}. Flatten it first.");

    internal override Value Of(Value output, Value target)
    {
        Value scores = output.Producer is { Op: Softmax } softmax ? softmax.Inputs[0] : output;
        long classes = scores.Shape[1].Size;
        Constant range = Constants.Vector([.. Enumerable.Range(0, (int)classes).Select(k => (long)k)]);
        Value oneHot = target.ReshapeTo(target.Shape[0], 1).IsEqual(range).Where(Arithmetic.Number(1, scores), Arithmetic.Number(0, scores));
        return -1 * (scores.LogSoftmax() * oneHot).Sum([1]).Mean([0]);
    }

    internal override Value CountCorrect(Value output, Value target) => output
        .Apply(new ArgMax(1), Label.For("answer")).IsEqual(target)
        .Where(Arithmetic.Number(1, output), Arithmetic.Number(0, output)).Sum([0]);
}

internal sealed record MeanSquaredErrorLoss : Loss
{
    internal override Input Target(Value output) => new(Label.Fixed("target"), output.Type, InputKind.Target);

    internal override Value Of(Value output, Value target)
    {
        Value difference = output - target;
        return (difference * difference).Mean(output.AllAxes());
    }
}
