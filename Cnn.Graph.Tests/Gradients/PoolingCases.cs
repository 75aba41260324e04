using static Cnn.Graph.Tests.Curve;

namespace Cnn.Graph.Tests;

/// <summary>Max and average pooling with every setting.</summary>
internal static class PoolingCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("max pool: tiles", Piecewise, [[2, 2, 4, 4]], v => v[0].MaxPool2d(2)),
        new("max pool: last row and column left out", Piecewise, [[1, 2, 5, 5]], v => v[0].MaxPool2d(2)),
        new("max pool: overlap, 3x3 by 2", Piecewise, [[2, 2, 7, 7]], v => v[0].MaxPool2d(3, stride: 2)),
        new("max pool: stride 1", Piecewise, [[1, 2, 4, 4]], v => v[0].MaxPool2d(2, stride: 1)),
        new("max pool: stride beyond the window", Piecewise, [[1, 2, 8, 8]], v => v[0].MaxPool2d(2, stride: 3)),
        new("max pool: oblong window", Piecewise, [[1, 2, 4, 6]], v => v[0].MaxPool2d((1, 3), stride: (2, 1))),
        new("max pool: whole picture", Piecewise, [[2, 3, 3, 4]], v => v[0].MaxPool2d((3, 4))),
        new("max pool: padding", Piecewise, [[1, 2, 5, 5]], v => v[0].MaxPool2d(3, stride: 2, padding: 1)),
        new("max pool: asymmetric padding", Piecewise, [[1, 2, 4, 4]], v => v[0].MaxPool2d(3, stride: 2, padding: Padding.Of(0, 1, 2, 0))),
        new("max pool: same", Piecewise, [[1, 2, 4, 4]], v => v[0].MaxPool2d(3, stride: 2, padding: Padding.Same)),
        new("max pool: same lower", Piecewise, [[1, 2, 4, 4]], v => v[0].MaxPool2d(3, stride: 2, padding: Padding.SameLower)),
        new("max pool: padding around negative numbers", Piecewise, [[1, 2, 5, 5]], v => (v[0] - 16).MaxPool2d(3, stride: 2, padding: 1)),
        new("max pool: dilation", Piecewise, [[1, 2, 6, 6]], v => v[0].MaxPool2d(3, stride: 1, dilation: 2)),
        new("max pool: dilation and same padding", Piecewise, [[1, 1, 5, 5]],
            v => v[0].MaxPool2d(3, stride: 1, dilation: 2, padding: Padding.Same)),
        new("max pool: dilation and padding", Piecewise, [[1, 1, 5, 5]], v => v[0].MaxPool2d(3, stride: 2, padding: 2, dilation: 2)),
        new("max pool: rounded up", Piecewise, [[1, 2, 6, 7]], v => v[0].MaxPool2d(3, stride: 2, ceil: true)),
        new("max pool: rounded up, padding", Piecewise, [[1, 2, 6, 6]], v => v[0].MaxPool2d(3, stride: 2, padding: 1, ceil: true)),
        new("max pool: rounded up, a window behind the end left out", Piecewise, [[1, 2, 5, 5]],
            v => v[0].MaxPool2d(2, padding: 1, ceil: true)),
        new("max pool: rounded up, dilation", Piecewise, [[1, 1, 6, 6]], v => v[0].MaxPool2d(2, stride: 2, dilation: 2, ceil: true)),
        new("max pool 1-D", Piecewise, [[2, 2, 7]], v => v[0].MaxPool1d(3, stride: 2)),
        new("max pool 1-D: rounded up, asymmetric padding", Piecewise, [[1, 2, 7]],
            v => v[0].MaxPool1d(3, 3, Padding.PerAxis((2, 0)), ceil: true)),
        new("max pool 1-D: dilation", Piecewise, [[1, 2, 8]], v => v[0].MaxPool1d(3, stride: 1, padding: 1, dilation: 2)),
        new("max pool 1-D: whole signal", Piecewise, [[2, 2, 5]], v => v[0].MaxPool1d(5)),
        new("max pool 3-D", Piecewise, [[1, 2, 4, 4, 4]], v => v[0].MaxPool3d(2)),
        new("max pool 3-D: rounded up, padding", Piecewise, [[1, 1, 3, 4, 5]],
            v => v[0].MaxPool3d((2, 3, 3), stride: 2, padding: 1, ceil: true)),
        new("max pool 3-D: dilation", Piecewise, [[1, 1, 3, 4, 5]], v => v[0].MaxPool3d(2, stride: (1, 2, 1), dilation: (2, 1, 3))),
        new("global max pool", Piecewise, [[2, 3, 3, 4]], v => v[0].GlobalMaxPool()),
        new("global max pool: signals", Piecewise, [[2, 3, 5]], v => v[0].GlobalMaxPool()),
        new("global max pool: volumes", Piecewise, [[1, 2, 2, 3, 2]], v => v[0].GlobalMaxPool()),

        new("average pool: tiles", Linear, [[2, 2, 4, 4]], v => v[0].AveragePool2d(2)),
        new("average pool: last row and column left out", Linear, [[1, 2, 5, 5]], v => v[0].AveragePool2d(2)),
        new("average pool: overlap, 3x3 by 2", Linear, [[1, 2, 7, 7]], v => v[0].AveragePool2d(3, stride: 2)),
        new("average pool: stride 1", Linear, [[1, 2, 4, 4]], v => v[0].AveragePool2d(2, stride: 1)),
        new("average pool: stride beyond the window", Linear, [[1, 2, 8, 8]], v => v[0].AveragePool2d(2, stride: 3)),
        new("average pool: oblong window", Linear, [[1, 2, 4, 6]], v => v[0].AveragePool2d((1, 3), stride: (2, 1))),
        new("average pool: whole picture", Linear, [[2, 3, 3, 4]], v => v[0].AveragePool2d((3, 4))),
        .. from counted in new[] { false, true }
           from padding in new (string Name, Padding Padding)[]
           {
               ("padding", 1), ("asymmetric padding", Padding.Of(0, 1, 2, 0)), ("same", Padding.Same), ("same lower", Padding.SameLower),
           }
           select new GradientCase(
               $"average pool: {padding.Name}, zeros {(counted ? "counted" : "not counted")}",
               Linear,
               [[1, 2, 6, 4]],
               v => v[0].AveragePool2d(3, stride: 2, padding: padding.Padding, countPadding: counted)),
        new("average pool: rounded up", Linear, [[1, 2, 6, 7]], v => v[0].AveragePool2d(3, stride: 2, ceil: true)),
        new("average pool: rounded up, padding not counted", Linear, [[1, 2, 6, 6]],
            v => v[0].AveragePool2d(3, stride: 2, padding: 1, ceil: true)),
        new("average pool: rounded up, padding counted", Linear, [[1, 2, 6, 6]],
            v => v[0].AveragePool2d(3, stride: 2, padding: 1, countPadding: true, ceil: true)),
        new("average pool: rounded up, no padding to count", Linear, [[1, 2, 6, 6]],
            v => v[0].AveragePool2d(3, stride: 2, countPadding: true, ceil: true)),
        new("average pool: rounded up, a window behind the end left out", Linear, [[1, 2, 5, 5]],
            v => v[0].AveragePool2d(2, padding: 1, ceil: true)),
        new("average pool 1-D", Linear, [[2, 2, 7]], v => v[0].AveragePool1d(3, stride: 2)),
        new("average pool 1-D: rounded up, padding counted", Linear, [[1, 2, 8]],
            v => v[0].AveragePool1d(3, 2, 1, countPadding: true, ceil: true)),
        new("average pool 1-D: rounded up, padding not counted", Linear, [[1, 2, 8]], v => v[0].AveragePool1d(3, 2, 1, ceil: true)),
        new("average pool 3-D", Linear, [[1, 2, 4, 4, 4]], v => v[0].AveragePool3d(2)),
        new("average pool 3-D: rounded up, padding counted", Linear, [[1, 1, 3, 4, 5]],
            v => v[0].AveragePool3d((2, 3, 3), stride: 2, padding: 1, countPadding: true, ceil: true)),
        new("average pool 3-D: rounded up, padding not counted", Linear, [[1, 1, 3, 4, 5]],
            v => v[0].AveragePool3d((2, 3, 3), stride: 2, padding: 1, ceil: true)),
        new("global average pool", Linear, [[2, 3, 3, 4]], v => v[0].GlobalAveragePool()),
        new("global average pool: signals", Linear, [[2, 3, 5]], v => v[0].GlobalAveragePool()),
        new("adaptive average pool", Linear, [[2, 2, 7, 5]], v => v[0].AdaptiveAveragePool2d((4, 2))),
        new("adaptive average pool: tiles", Linear, [[1, 2, 6, 4]], v => v[0].AdaptiveAveragePool2d((2, 4))),
        new("adaptive average pool: larger", Linear, [[1, 2, 2, 3]], v => v[0].AdaptiveAveragePool2d((5, 3))),
        new("global average pool: volumes", Linear, [[1, 2, 2, 3, 2]], v => v[0].GlobalAveragePool()),
    ];
}
