using static Cnn.Graph.Tests.Curve;

namespace Cnn.Graph.Tests;

/// <summary>Convolutions of signals, pictures and volumes with every setting.</summary>
internal static class ConvolutionCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("conv", Linear, [[2, 3, 5, 5]], v => v[0].Conv2d(4, kernel: 3)),
        new("conv: no bias", Linear, [[2, 3, 5, 5]], v => v[0].Conv2d(4, kernel: 3, bias: false)),
        new("conv: one channel, one kernel", Linear, [[1, 1, 4, 4]], v => v[0].Conv2d(1, kernel: 2)),
        new("conv: padding", Linear, [[2, 2, 4, 4]], v => v[0].Conv2d(3, kernel: 3, padding: 1)),
        new("conv: padding of the whole kernel", Linear, [[1, 2, 3, 3]], v => v[0].Conv2d(2, kernel: 2, padding: 2)),
        new("conv: asymmetric padding", Linear, [[1, 2, 4, 5]], v => v[0].Conv2d(3, kernel: 3, padding: Padding.Of(top: 2, left: 0, bottom: 1, right: 2))),
        new("conv: stride", Linear, [[2, 2, 5, 5]], v => v[0].Conv2d(3, kernel: 3, stride: 2)),
        new("conv: stride that leaves pixels out", Linear, [[1, 2, 6, 6]], v => v[0].Conv2d(3, kernel: 3, stride: 2)),
        new("conv: stride beyond the kernel", Linear, [[1, 2, 8, 8]], v => v[0].Conv2d(2, kernel: 2, stride: 3)),
        new("conv: two strides", Linear, [[1, 2, 6, 7]], v => v[0].Conv2d(2, kernel: 3, stride: (2, 3), padding: 1)),
        new("conv: stride and asymmetric padding", Linear, [[1, 2, 6, 6]], v => v[0].Conv2d(2, kernel: 3, stride: 2, padding: Padding.Of(0, 1, 2, 0))),
        new("conv: same, even kernel", Linear, [[1, 2, 5, 5]], v => v[0].Conv2d(2, kernel: 2, padding: Padding.Same)),
        new("conv: same, stride", Linear, [[1, 2, 6, 6]], v => v[0].Conv2d(2, kernel: 3, stride: 2, padding: Padding.Same)),
        new("conv: same lower, stride", Linear, [[1, 2, 6, 6]], v => v[0].Conv2d(2, kernel: 3, stride: 2, padding: Padding.SameLower)),
        new("conv: same, dilation", Linear, [[1, 2, 6, 6]], v => v[0].Conv2d(2, kernel: 3, dilation: 2, padding: Padding.Same)),
        new("conv: dilation", Linear, [[1, 2, 7, 7]], v => v[0].Conv2d(2, kernel: 3, dilation: 2)),
        new("conv: two dilations, stride, padding", Linear, [[1, 2, 7, 8]], v => v[0].Conv2d(2, kernel: 3, stride: 2, dilation: (2, 3), padding: 2)),
        new("conv: groups", Linear, [[1, 4, 4, 4]], v => v[0].Conv2d(6, kernel: 3, groups: 2)),
        new("conv: groups, stride, padding", Linear, [[2, 4, 5, 5]], v => v[0].Conv2d(4, kernel: 3, stride: 2, padding: 1, groups: 2)),
        new("conv: depthwise", Linear, [[1, 3, 4, 4]], v => v[0].Conv2d(3, kernel: 3, padding: 1, groups: 3)),
        new("conv: depthwise, two kernels a channel", Linear, [[1, 3, 4, 4]], v => v[0].Conv2d(6, kernel: 2, groups: 3)),
        new("conv: 1x1", Linear, [[2, 3, 3, 3]], v => v[0].Conv2d(4, kernel: 1)),
        new("conv: 1x1, stride", Linear, [[2, 3, 4, 4]], v => v[0].Conv2d(4, kernel: 1, stride: 2, bias: false)),
        new("conv: 1x1, padding", Linear, [[1, 2, 2, 2]], v => v[0].Conv2d(2, kernel: 1, padding: 1)),
        new("conv: 1x7", Linear, [[1, 2, 3, 8]], v => v[0].Conv2d(2, kernel: (1, 7), padding: Padding.Of(0, 3, 0, 3))),
        new("conv: 7x1", Linear, [[1, 2, 8, 3]], v => v[0].Conv2d(2, kernel: (7, 1), padding: Padding.Of(3, 0, 3, 0))),
        new("conv: kernel as large as the picture", Linear, [[2, 3, 4, 3]], v => v[0].Conv2d(5, kernel: (4, 3))),
        new("conv: the same kernels twice", Polynomial, [[1, 2, 5, 5], [2, 2, 3, 3]], v => v[0].Conv2d(v[1], padding: 1).Conv2d(v[1], padding: 1)),
        new("conv: kernels and biases from elsewhere", Linear, [[1, 2, 5, 5], [3, 2, 3, 3], [3]], v => v[0].Conv2d(v[1], v[2], stride: 2)),

        new("conv 1-D", Linear, [[2, 3, 7]], v => v[0].Conv1d(4, kernel: 3)),
        new("conv 1-D: stride and asymmetric padding", Linear, [[2, 2, 7]], v => v[0].Conv1d(3, kernel: 3, stride: 2, padding: Padding.PerAxis((2, 1)))),
        new("conv 1-D: same, dilation", Linear, [[1, 2, 8]], v => v[0].Conv1d(3, kernel: 3, dilation: 2, padding: Padding.Same)),
        new("conv 1-D: groups, no bias", Linear, [[2, 4, 6]], v => v[0].Conv1d(6, kernel: 2, groups: 2, bias: false)),
        new("conv 3-D", Linear, [[2, 2, 3, 4, 4]], v => v[0].Conv3d(3, kernel: (2, 3, 3))),
        new("conv 3-D: stride and padding", Linear, [[1, 2, 4, 5, 5]], v => v[0].Conv3d(2, kernel: 3, stride: (1, 2, 2), padding: 1)),
        new("conv 3-D: dilation", Linear, [[1, 1, 3, 5, 5]], v => v[0].Conv3d(2, kernel: (2, 3, 2), dilation: (1, 2, 2))),
        new("conv 3-D: depthwise", Linear, [[1, 2, 3, 3, 3]], v => v[0].Conv3d(4, kernel: 2, groups: 2)),
    ];
}
