using Cnn.Graph.Operators;
using static Cnn.Graph.Tests.Curve;
using static Cnn.Graph.Tests.GradientCase;

namespace Cnn.Graph.Tests;

/// <summary>Matrix products with every setting.</summary>
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
    ];

    private static GradientCase Gemm(Gemm op, int[]? bias)
    {
        string name = FormattableString.Invariant($"gemm: A{(op.TransposeA ? "ᵀ" : "")}·B{(op.TransposeB ? "ᵀ" : "")}, alpha {op.Alpha}, beta {op.Beta}, ")
            + (bias is null ? "no C" : $"C [{string.Join(", ", bias)}]");
        int[][] factors = [op.TransposeA ? [3, 2] : [2, 3], op.TransposeB ? [4, 3] : [3, 4]];
        return new(name, Linear, bias is null ? factors : [.. factors, bias], v => Node(op, v));
    }
}
