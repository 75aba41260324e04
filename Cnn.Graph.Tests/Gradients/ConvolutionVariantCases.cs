using static Cnn.Graph.Tests.Curve;

namespace Cnn.Graph.Tests;

/// <summary>Transposed, separable, factorized, true and partial convolutions, and kernels that come from elsewhere.</summary>
internal static class ConvolutionVariantCases
{
    private static readonly int[][] Table = [[0, 1], [2], [0, 2]];

    public static IEnumerable<GradientCase> All =>
    [
        new("conv transpose", Linear, [[2, 3, 3, 3]], v => v[0].ConvTranspose2d(2, kernel: 3)),
        new("conv transpose: no bias", Linear, [[1, 2, 3, 3]], v => v[0].ConvTranspose2d(3, kernel: 2, bias: false)),
        new("conv transpose: stride", Linear, [[2, 2, 3, 3]], v => v[0].ConvTranspose2d(3, kernel: 3, stride: 2)),
        new("conv transpose: stride beyond the kernel", Linear, [[1, 2, 3, 3]], v => v[0].ConvTranspose2d(2, kernel: 2, stride: 3)),
        new("conv transpose: padding", Linear, [[1, 2, 4, 4]], v => v[0].ConvTranspose2d(2, kernel: 3, padding: 1)),
        new("conv transpose: asymmetric padding", Linear, [[1, 2, 3, 3]],
            v => v[0].ConvTranspose2d(2, kernel: 3, stride: 2, padding: Padding.Of(top: 0, left: 1, bottom: 2, right: 1))),
        new("conv transpose: output padding", Linear, [[1, 2, 3, 3]],
            v => v[0].ConvTranspose2d(2, kernel: 3, stride: (2, 3), padding: 1, outputPadding: (1, 2))),
        new("conv transpose: dilation", Linear, [[1, 2, 3, 3]], v => v[0].ConvTranspose2d(2, kernel: 2, dilation: (2, 3))),
        new("conv transpose: groups", Linear, [[1, 4, 3, 3]], v => v[0].ConvTranspose2d(6, kernel: 2, groups: 2)),
        new("conv transpose: depthwise", Linear, [[1, 3, 3, 3]], v => v[0].ConvTranspose2d(3, kernel: 2, stride: 2, groups: 3)),
        new("conv transpose: all at once", Linear, [[2, 4, 3, 4]],
            v => v[0].ConvTranspose2d(
                2, kernel: (3, 2), stride: (2, 3), padding: (1, 0), outputPadding: (1, 2), dilation: (2, 1), groups: 2)),
        new("conv transpose: same", Linear, [[1, 2, 3, 3]], v => v[0].ConvTranspose2d(2, kernel: 3, stride: 2, padding: Padding.Same)),
        new("conv transpose: same lower", Linear, [[1, 2, 3, 3]],
            v => v[0].ConvTranspose2d(2, kernel: 4, stride: 1, padding: Padding.SameLower)),
        new("conv transpose: kernels from elsewhere", Linear, [[1, 3, 3, 3], [3, 2, 2, 2], [2]],
            v => v[0].ConvTranspose2d(v[1], v[2], stride: 2)),
        new("conv transpose: back with the same kernels", Polynomial, [[1, 2, 5, 5], [3, 2, 3, 3]],
            v => v[0].Conv2d(v[1], stride: 2).ConvTranspose2d(v[1], stride: 2)),
        new("conv transpose 1-D", Linear, [[2, 3, 4]], v => v[0].ConvTranspose1d(2, kernel: 3, stride: 2, padding: 1, outputPadding: 1)),
        new("conv transpose 3-D", Linear, [[1, 2, 2, 3, 2]],
            v => v[0].ConvTranspose3d(2, kernel: (1, 2, 3), stride: (1, 2, 1), padding: Padding.PerAxis((0, 0), (1, 0), (1, 1)))),

        new("depthwise", Linear, [[2, 3, 4, 4]], v => v[0].DepthwiseConv2d(3, padding: 1)),
        new("depthwise: multiplier, stride, dilation", Linear, [[1, 2, 7, 7]],
            v => v[0].DepthwiseConv2d(3, multiplier: 3, stride: 2, dilation: 2, bias: false)),
        new("separable", Linear, [[1, 3, 5, 5]], v => v[0].SeparableConv2d(4, kernel: 3, padding: 1)),
        new("separable: multiplier, stride, dilation", Linear, [[2, 2, 7, 7]],
            v => v[0].SeparableConv2d(3, kernel: (3, 2), multiplier: 2, stride: 2, dilation: (1, 2), bias: false)),
        new("factorized", Linear, [[1, 3, 5, 5]], v => v[0].FactorizedConv2d(4, kernel: 3, padding: 1)),
        new("factorized: stride, dilation", Linear, [[2, 2, 7, 7]],
            v => v[0].FactorizedConv2d(3, kernel: (2, 3), stride: 2, dilation: (2, 1), bias: false)),
        new("true conv", Linear, [[1, 2, 5, 5]], v => v[0].TrueConv2d(3, kernel: (3, 2), padding: 1)),
        new("true conv: groups, stride, dilation", Linear, [[1, 4, 7, 7]],
            v => v[0].TrueConv2d(2, kernel: 3, stride: 2, dilation: 2, groups: 2, bias: false)),
        new("dense as conv", Linear, [[2, 3, 2, 4]], v => v[0].DenseAsConv2d(5)),
        new("dense as conv: no bias", Linear, [[2, 3, 2, 2]], v => v[0].DenseAsConv2d(2, bias: false)),
        new("partial conv", Linear, [[2, 3, 4, 4]], v => v[0].PartialConv2d(Table, kernel: 2)),
        new("partial conv: padding, stride, dilation, no bias", Linear, [[1, 3, 6, 6]],
            v => v[0].PartialConv2d(Table, kernel: 3, stride: 2, padding: 2, dilation: 2, bias: false)),
        new("partial conv: one connection", Linear, [[1, 2, 3, 3]], v => v[0].PartialConv2d([[1]], kernel: 2)),

        new("conv 1-D: kernels from elsewhere", Linear, [[2, 2, 6], [3, 2, 3], [3]], v => v[0].Conv1d(v[1], v[2], stride: 2, padding: 1)),
        new("conv 3-D: kernels from elsewhere", Linear, [[1, 2, 3, 4, 4], [2, 1, 2, 2, 3], [2]],
            v => v[0].Conv3d(v[1], v[2], stride: (1, 2, 1), groups: 2)),
        new("dense: matrix from elsewhere", Linear, [[2, 5], [3, 5], [3]], v => v[0].Dense(v[1], v[2])),
        new("dense: matrix from elsewhere, no bias", Linear, [[2, 5], [3, 5]], v => v[0].Dense(v[1])),
    ];
}
