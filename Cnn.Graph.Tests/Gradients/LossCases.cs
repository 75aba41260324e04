using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using static Cnn.Graph.Tests.Curve;

namespace Cnn.Graph.Tests;

/// <summary>Losses of scores, with a target that has no gradient.</summary>
internal static class LossCases
{
    private static readonly Constant Labels = Constants.Vector(0, 2, 3);

    public static IEnumerable<GradientCase> All =>
    [
        Scores("softmax cross-entropy", Loss.SoftmaxCrossEntropy()),
        Scores("softmax cross-entropy: smoothed", Loss.SoftmaxCrossEntropy(labelSmoothing: 0.1)),
        Scores("softmax cross-entropy: class weights", Loss.SoftmaxCrossEntropy(classWeights: [1, 2, 0.5, 3])),
        Scores("softmax cross-entropy: an ignored label", Loss.SoftmaxCrossEntropy(ignoredLabel: 2)),
        Scores("softmax cross-entropy: all at once", Loss.SoftmaxCrossEntropy(0.2, [1, 2, 0.5, 3], 2)),
        Scores("maximum a posteriori", Loss.MaximumAPosteriori(0.5)),
        Numbers("sigmoid cross-entropy", Smooth, Loss.SigmoidCrossEntropy(), 0.25f),
        Numbers("mean squared error", Polynomial, Loss.MeanSquaredError(), 0.5f),
        Numbers("quadratic", Polynomial, Loss.Quadratic(), 0.5f),
        Numbers("mean absolute error", Piecewise, Loss.MeanAbsoluteError(), 0),
        new("loss: two heads", Smooth, [[3, 4], [3, 4]], v =>
            Loss.Weighted((1, Loss.SoftmaxCrossEntropy()), (0.3, Loss.SoftmaxCrossEntropy())).Of(v, Labels)),
    ];

    private static GradientCase Scores(string name, Loss loss) => new($"loss: {name}", Smooth, [[3, 4]], v => loss.Of(v, Labels));

    /// <summary>Sixteen numbers: the mean is exact in float, and with it the differences.</summary>
    private static GradientCase Numbers(string name, Curve curve, Loss loss, float target) => new(
        $"loss: {name}", curve, [[2, 8]], v => loss.Of(v, Constants.Floats([.. Enumerable.Repeat(target, 16)], [2, 8])));
}
