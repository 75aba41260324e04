using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>LeNet-5's criterion, E = y_label + log(exp(−j) + Σ exp(−y)), the mean over the batch; the network gives −y.</summary>
public class MaximumAPosterioriTests
{
    private static readonly double[][] Distances = [[1.5, 0.25, 3], [0.5, 2, 8], [4, 6, 0]];
    private static readonly int[] Labels = [1, 2, 2];

    [TestCase(0.1)]
    [TestCase(1)]
    [TestCase(7.5)]
    public void The_loss_and_its_gradient_are_those_of_the_paper(double j)
    {
        (double loss, float[] gradient) = Evaluate(Loss.MaximumAPosteriori(j), Distances, Labels);
        double[] sums = [.. Distances.Select(y => Math.Exp(-j) + y.Sum(d => Math.Exp(-d)))];
        double expected = Distances.Select((y, n) => y[Labels[n]] + Math.Log(sums[n])).Average();
        // dE/dy of class i is 1 at the label less exp(−y) / sum, and the network gives −y.
        float[] slopes = [.. Distances.SelectMany((y, n) => y.Select((d, i) => (float)(((Math.Exp(-d) / sums[n]) - (i == Labels[n] ? 1 : 0)) / 3)))];
        Assert.Multiple(() =>
        {
            Assert.That(loss, Is.EqualTo(expected).Within(1e-6));
            Assert.That(Tensors.Error(gradient, slopes), Is.LessThan(1e-6));
        });
    }

    /// <summary>exp(−1000) is zero in float; the rubbish class keeps its logarithm finite.</summary>
    [Test]
    public void Large_distances_do_not_overflow()
    {
        (double loss, float[] gradient) = Evaluate(Loss.MaximumAPosteriori(2), [[1000, 4000]], [0]);
        Assert.Multiple(() =>
        {
            Assert.That(loss, Is.EqualTo(998));
            Assert.That(gradient, Is.EqualTo(new float[] { -1, 0 }));
        });
    }

    [Test]
    public void A_rubbish_class_that_is_far_away_leaves_the_cross_entropy()
    {
        (double loss, _) = Evaluate(Loss.MaximumAPosteriori(500), Distances, Labels);
        Assert.That(loss, Is.EqualTo(Evaluate(Loss.SoftmaxCrossEntropy(), Distances, Labels).Loss).Within(1e-6));
    }

    [TestCase(0)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_distance_out_of_range_is_refused(double j) =>
        Assert.That(() => Loss.MaximumAPosteriori(j), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static (double Loss, float[] Gradient) Evaluate(Loss loss, double[][] distances, int[] labels)
    {
        Input scores = Tensors.Input("scores", distances.Length, distances[0].Length);
        Input target = loss.Target(scores);
        Value scalar = loss.Of([scores], target);
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate([scalar, .. Gradient.Of(scalar, scores)], GraphRunner.Feeds(
        [
            (scores, Tensors.Of(scores, [.. distances.SelectMany(y => y).Select(d => (float)-d)])),
            (target, TensorData.Vector<long>([.. labels.Select(l => (long)l)])),
        ]));
        return (results[0].Floats()[0], results[1].Floats());
    }
}
