using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering.BatchLast;

/// <summary>How operators work on values whose batch is the last axis; one arm an operator, null where it is left in the usual order.</summary>
internal static class BatchLastRules
{
    /// <summary>Applies the rule for a node, if there is one that fits it.</summary>
    /// <param name="layout">The values so far.</param>
    /// <param name="node">A node of the original graph.</param>
    /// <param name="laid">Its output with the batch last, where the output has a batch.</param>
    /// <param name="plain">Its output where that has no batch.</param>
    public static bool TryApply(BatchLastLayout layout, Node node, out Laid? laid, out Value? plain)
    {
        (laid, plain) = node.Inputs.Any(layout.IsLaid) ? Apply(layout, node) : default;
        return laid is not null || plain is not null;
    }

    private static (Laid? Batched, Value? Plain) Apply(BatchLastLayout l, Node n) => n.Op switch
    {
        UnaryOperator and not (Softmax or LogSoftmax) => (Elementwise(l, n), null),
        Add or Sub or Mul or Div => (Elementwise(l, n), null),
        Flatten or Reshape when l.IsBatched(n.Output) => (Regroup(l, n), null),
        Gemm gemm => DenseRules.Apply(l, n, gemm),
        ReduceSum sum => (null, SumOverBatch(l, n, sum)),
        Conv conv when ConvolutionRules.IsSimple(conv.Window, conv.Groups) => (ConvolutionRules.Forward(l, n, conv), null),
        ConvWeightGradient g when ConvolutionRules.IsSimple(g.Window, g.Groups) => (null, ConvolutionRules.WeightGradient(l, n, g)),
        ConvInputGradient g when ConvolutionRules.IsSimple(g.Window, g.Groups) => (ConvolutionRules.InputGradient(l, n, g), null),
        MaxPool or AveragePool when Phases.TileOf(n) is { } tile => (PoolingRules.Forward(l, n, tile), null),
        AveragePoolGradient g when Phases.Tile(g.Window, g.InputShape) is { } tile => (PoolingRules.AverageGradient(l, n, tile), null),
        MaxPoolGradient g when Phases.Tile(g.Window, n.Inputs[0].Shape) is { } tile => (PoolingRules.MaxGradient(l, n, tile), null),
        _ => default,
    };

    /// <summary>
    /// Operands of the output's shape are brought to one layout; scalars stay, and numbers for each channel get a shape that is repeated
    /// over either layout. Other broadcasts stay in the usual order.
    /// </summary>
    private static Laid? Elementwise(BatchLastLayout l, Node n)
    {
        Shape y = n.Output.Shape;
        if (n.Inputs.Any(i => i.Shape.Rank > 0 && !i.Shape.Equals(y) && !IsPerChannel(i.Shape, y)))
        {
            return null;
        }

        int phase = n.Inputs.Where(i => l.IsLaid(i) && i.Shape.Equals(y)).Select(i => l.Last(i).Phase).DefaultIfEmpty(1).Max();
        return new Laid(Node.Derive(n.Op, "batch_last", [.. n.Inputs.Select(Operand)]), phase);

        Value Operand(Value i) => i.Shape.Rank switch
        {
            0 => l.Plain(i),
            _ when i.Shape.Equals(y) => l.Last(i).Phased(phase).Data,
            4 => l.Last(i).Unphased().Data,
            _ => l.Plain(i).ReshapeTo([.. i.Shape, 1]),
        };
    }

    /// <summary>Whether a shape is [C, 1, 1], or [N, C, 1, 1] for each sample, for a picture [N, C, H, W].</summary>
    private static bool IsPerChannel(Shape shape, Shape picture) =>
        picture.Rank == 4 && (shape.Rank == 3 || (shape.Rank == 4 && shape[0] == picture[0])) && shape[-2] == 1L && shape[-1] == 1L;

    /// <summary>Another shape of each sample.</summary>
    private static Laid? Regroup(BatchLastLayout l, Node n)
    {
        Laid x = l.Last(n.Inputs[0]).Unphased();
        return new Laid(x.Data.ReshapeTo([.. n.Output.Shape.Skip(1), n.Output.Shape[0]]));
    }

    /// <summary>Sums that leave one axis, such as a bias's gradient.</summary>
    private static Value? SumOverBatch(BatchLastLayout l, Node n, ReduceSum sum)
    {
        Shape shape = n.Inputs[0].Shape;
        if (!l.IsLaid(n.Inputs[0]) || sum.KeepDims || !sum.ReducedAxes.Order().SequenceEqual(Enumerable.Range(0, shape.Rank).Where(a => a != 1)))
        {
            return null;
        }

        Laid x = l.Last(n.Inputs[0]).Expanded();
        int[] axes = [.. Enumerable.Range(0, x.Data.Shape.Rank).Where(a => a != (x.Phase == 1 ? 0 : 1))];
        return x.Data.Sum(axes);
    }
}
