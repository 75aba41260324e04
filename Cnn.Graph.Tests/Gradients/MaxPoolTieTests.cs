using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>Where several pixels of a window are the largest, only the first in row-major order gets the gradient.</summary>
public class MaxPoolTieTests
{
    [Test]
    public void Of_equal_pixels_the_first_wins()
    {
        float[] gradient = GradientOfSum([1, 3, 2, 2, 3, 3, 2, 2], y => y.MaxPool2d(2), 1, 1, 2, 4);
        Assert.That(gradient, Is.EqualTo(new float[] { 0, 1, 1, 0, 0, 0, 0, 0 }));
    }

    [Test]
    public void A_flat_picture_under_overlapping_windows()
    {
        // The windows start at (0,0), (0,1), (1,0) and (1,1), and each gives its gradient to its own first pixel.
        float[] gradient = GradientOfSum([.. Enumerable.Repeat(5f, 9)], y => y.MaxPool2d(2, stride: 1), 1, 1, 3, 3);
        Assert.That(gradient, Is.EqualTo(new float[] { 1, 1, 0, 1, 1, 0, 0, 0, 0 }));
    }

    /// <summary>Zeros of the padding equal the largest pixel here, come before it, and must not win.</summary>
    [Test]
    public void Padding_never_wins_a_tie()
    {
        float[] gradient = GradientOfSum([0, -1, -1, -1], y => y.MaxPool2d(2, stride: 2, padding: 1), 1, 1, 2, 2);
        Assert.That(gradient, Is.EqualTo(new float[] { 1, 1, 1, 1 }));
    }

    [Test]
    public void Padding_never_wins_against_negative_pixels()
    {
        float[] gradient = GradientOfSum([-3, -1, -2, -4], y => y.MaxPool2d(3, stride: 1, padding: 1), 1, 1, 2, 2);
        Assert.That(gradient, Is.EqualTo(new float[] { 0, 4, 0, 0 }));
    }

    private static float[] GradientOfSum(float[] pixels, Func<Value, Value> pool, params int[] dims)
    {
        Input x = Tensors.Input("x", dims);
        Value y = pool(x);
        return GraphRunner.Evaluate(Gradient.Of(y.Sum(y.AllAxes()), x), GraphRunner.Feeds([(x, Tensors.Of(x, pixels))]))[0].Floats();
    }
}
