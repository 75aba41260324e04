using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using static Cnn.Graph.Tests.Curve;
using static Cnn.Graph.Tests.GradientCase;

namespace Cnn.Graph.Tests;

/// <summary>Other poolings, columns and locally connected layers with every setting.</summary>
internal static class WindowCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("L2 pool: tiles", Positive, [[2, 2, 4, 4]], v => v[0].L2Pool2d(2)),
        new("L2 pool: overlap", Positive, [[1, 2, 7, 7]], v => v[0].L2Pool2d(3, stride: 2)),
        new("L2 pool: rounded up, padding", Positive, [[1, 2, 6, 6]], v => v[0].L2Pool2d(3, stride: 2, padding: 1, ceil: true)),

        new("median pool: 3x3 by 2", Piecewise, [[2, 2, 7, 5]], v => v[0].MedianPool2d(3, stride: 2)),
        new("median pool: stride 1", Piecewise, [[1, 2, 5, 5]], v => v[0].MedianPool2d(3, stride: 1)),
        new("median pool: even", Piecewise, [[1, 2, 4, 4]], v => v[0].MedianPool2d(2)),
        new("median pool: even, overlap", Piecewise, [[1, 2, 4, 6]], v => v[0].MedianPool2d((2, 3), stride: (1, 2))),
        new("median pool: tiles of one row", Piecewise, [[1, 1, 2, 6]], v => v[0].MedianPool2d((1, 3))),
        new("median pool: whole picture", Piecewise, [[2, 2, 3, 3]], v => v[0].MedianPool2d(3)),
        new("median pool: one pixel", Piecewise, [[1, 2, 3, 3]], v => v[0].MedianPool2d(1)),

        new("distance-weighted pool", Linear, [[2, 3, 7, 7]], v => v[0].DistanceWeightedPool2d(3, stride: 2)),
        new("distance-weighted pool: sigma, oblong window", Linear, [[1, 2, 4, 6]], v => v[0].DistanceWeightedPool2d((2, 3), sigma: 0.75)),
        new("distance-weighted pool: padding", Linear, [[1, 2, 5, 5]], v => v[0].DistanceWeightedPool2d(3, stride: 2, padding: 1)),
        new("distance-weighted pool: rounded up", Linear, [[1, 2, 6, 6]],
            v => v[0].DistanceWeightedPool2d(3, stride: 2, sigma: 2, ceil: true)),

        new("stochastic pool in use", Positive, [[2, 2, 4, 4]], v => v[0].StochasticPool2d(2)),
        new("stochastic pool in use: overlap", Positive, [[1, 2, 7, 7]], v => v[0].StochasticPool2d(3, stride: 2)),
        new("stochastic pool in use: rounded up, padding", Positive, [[1, 2, 6, 6]],
            v => v[0].StochasticPool2d(3, stride: 2, padding: 1, ceil: true)),
        // Such small and large shares of the sum always choose the first and the last pixel, however the others are moved.
        new("stochastic pool in training", Positive, [[1, 2, 4, 4]], v => Chosen(v[0], [2, 2], [2, 2], [0.03125f, 0.96875f])),
        new("stochastic pool in training: overlap", Positive, [[2, 1, 4, 4]],
            v => Chosen(v[0], [2, 2], [1, 2], [0.96875f, 0.03125f, 0.96875f])),

        new("trainable subsampling", Linear, [[2, 3, 4, 6]], v => v[0].TrainableSubsampling2d(2)),
        new("trainable subsampling: overlap", Linear, [[1, 2, 5, 7]], v => v[0].TrainableSubsampling2d(3, stride: 2)),

        new("unfold", Linear, [[2, 3, 4, 5]], v => v[0].Unfold2d(3)),
        new("unfold: stride, padding, dilation", Linear, [[1, 2, 6, 7]],
            v => v[0].Unfold2d((2, 3), stride: (2, 1), padding: 1, dilation: 2)),
        new("unfold: same", Linear, [[1, 2, 5, 4]], v => v[0].Unfold2d(2, stride: 2, padding: Padding.Same)),
        new("fold", Linear, [[2, 12, 9]], v => v[0].Fold2d(picture: 4, kernel: 2)),
        new("fold: stride, padding, dilation", Linear, [[1, 12, 12]],
            v => v[0].Fold2d(picture: (6, 6), kernel: (2, 3), stride: (2, 1), padding: 1, dilation: 2)),
        new("fold: pixels that no window saw", Linear, [[1, 8, 4]], v => v[0].Fold2d(picture: (6, 7), kernel: 2, stride: 3)),

        new("locally connected", Linear, [[2, 3, 4, 5]], v => v[0].LocallyConnected2d(2, kernel: 3)),
        new("locally connected: stride, padding, no bias", Linear, [[2, 2, 5, 6]],
            v => v[0].LocallyConnected2d(3, kernel: (3, 2), stride: 2, padding: 1, bias: false)),
        new("locally connected: one sample, one channel", Linear, [[1, 1, 4, 4]], v => v[0].LocallyConnected2d(1, kernel: 2)),
        new("locally connected: same", Linear, [[1, 2, 3, 3]], v => v[0].LocallyConnected2d(1, kernel: 2, padding: Padding.Same)),
        new("locally connected: one position", Linear, [[3, 2, 3, 3]], v => v[0].LocallyConnected2d(5, kernel: 3)),
    ];

    /// <summary>The training form with given random numbers, repeated as often as there are windows.</summary>
    private static Value Chosen(Value x, int[] kernel, int[] stride, float[] shares)
    {
        var pool = new StochasticPool(Window.For(x, kernel, stride, [1, 1], padding: 0));
        long[] dims = Node(pool, x).Shape.Sizes();
        float[] uniform = [.. Enumerable.Range(0, (int)TensorData.CountOf(dims)).Select(i => shares[i % shares.Length])];
        return Node(pool, x, Constants.Floats(uniform, dims));
    }
}
