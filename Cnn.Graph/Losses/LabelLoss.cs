using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Losses;

/// <summary>Losses of scores [N, classes], whose target is the class label [N].</summary>
internal abstract record LabelLoss : Loss
{
    internal override Input Target(Value output) => output.Shape.Rank == 2
        ? new Input(Label.Fixed("label"), new TensorType(ElementType.Int64, new Shape(output.Shape[0])), InputKind.Target)
        : throw new CnnGraphException($"A loss of class labels takes scores [N, classes], but '{output.Name}' is {output.Shape}. Flatten it first.");

    internal override Value CountCorrect(Value output, Value target) => output
        .Apply(new ArgMax(1), Label.For("answer")).IsEqual(target)
        .Where(Arithmetic.Number(1, output), Arithmetic.Number(0, output)).Sum([0]);
}

/// <summary>
/// With scores s = −y: y_label + log(exp(−j) + Σ exp(−y)) is the cross-entropy of a softmax with one class more, the rubbish class, whose
/// score is always −j.
/// </summary>
internal sealed record MaximumAPosterioriLoss(double RubbishDistance) : LabelLoss
{
    private static readonly SoftmaxCrossEntropyLoss CrossEntropy = new(0, null, null);

    internal override Value Of(IReadOnlyList<Value> outputs, Value target)
    {
        Value scores = outputs[0];
        Value rubbish = Arithmetic.Number(-RubbishDistance, scores).Like(scores.SliceBy(1, 0, 1));
        return CrossEntropy.Of([scores.Concat(rubbish)], target);
    }
}
