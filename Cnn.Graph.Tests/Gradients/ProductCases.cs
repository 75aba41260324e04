using Cnn.Graph.Operators;
using static Cnn.Graph.Tests.Curve;
using static Cnn.Graph.Tests.GradientCase;

namespace Cnn.Graph.Tests;

/// <summary>Matrix products and convolutions with every setting.</summary>
internal static class ProductCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("matmul", Linear, [[2, 3], [3, 4]], v => Node(new MatMul(), v)),
        new("matmul: vectors as matrices", Linear, [[1, 3], [3, 1]], v => Node(new MatMul(), v)),
        new("matmul: batch", Linear, [[2, 2, 3], [2, 3, 4]], v => Node(new MatMul(), v)),
        new("matmul: batch times one matrix", Linear, [[2, 2, 3], [3, 4]], v => Node(new MatMul(), v)),
        new("matmul: one matrix times batch", Linear, [[2, 3], [2, 3, 4]], v => Node(new MatMul(), v)),
        new("matmul: batches broadcast on both sides", Linear, [[2, 1, 2, 3], [4, 3, 2]], v => Node(new MatMul(), v)),
        new("matmul: of the same value", Polynomial, [[3, 3]], v => Node(new MatMul(), v[0], v[0])),

        .. from a in new[] { false, true }
           from b in new[] { false, true }
           from bias in new int[]?[] { null, [4], [2, 4], [2, 1], [] }
           select Gemm(new Gemm(a, b), bias),
        Gemm(new Gemm(Alpha: 0.5f, Beta: 3), [4]),
        Gemm(new Gemm(TransposeA: true, TransposeB: true, Alpha: -2, Beta: 0.25f), [4]),
        Gemm(new Gemm(TransposeA: true, Alpha: 2), null),
        Gemm(new Gemm(Beta: 0), [4]),
        new("dense", Linear, [[2, 5]], v => v[0].Dense(3)),
        new("dense: no bias", Linear, [[2, 5]], v => v[0].Dense(3, bias: false)),

        new("rbf output", Polynomial, [[3, 5]], v => v[0].RbfOutput(4)),

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
        new("conv: the same kernels twice", Polynomial, [[1, 2, 5, 5], [2, 2, 3, 3]], v => Shared(v[0], v[1])),
    ];

    private static GradientCase Gemm(Gemm op, int[]? bias)
    {
        string name = FormattableString.Invariant($"gemm: A{(op.TransposeA ? "ᵀ" : "")}·B{(op.TransposeB ? "ᵀ" : "")}, alpha {op.Alpha}, beta {op.Beta}, ")
            + (bias is null ? "no C" : $"C [{string.Join(", ", bias)}]");
        int[][] factors = [op.TransposeA ? [3, 2] : [2, 3], op.TransposeB ? [4, 3] : [3, 4]];
        return new(name, Linear, bias is null ? factors : [.. factors, bias], v => Node(op, v));
    }

    private static Ir.Value Shared(Ir.Value x, Ir.Value kernels)
    {
        var op = new Conv(new Window([3, 3], [1, 1], [1, 1], [1, 1], [1, 1]), 1);
        return Node(op, Node(op, x, kernels), kernels);
    }
}
