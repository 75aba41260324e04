using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Tests.Lowering;

/// <summary>
/// A form that must not be emitted. DirectML (1.15.4) merges a Reshape and the Transpose behind it into the operators around them, and for
/// some orders of axes its graph compiler then fails: the session cannot be created, E_INVALIDARG. Measured with sizes and orders of all
/// kinds, that takes all of this:
/// <list type="number">
/// <item>the Reshape splits an axis, and the Transpose brings the axes into one of the orders below;</item>
/// <item>the number of elements is no multiple of four;</item>
/// <item>something other than a product, a convolution or a reduction reads the result.</item>
/// </list>
/// Transpose before Reshape is harmless to DirectML, but ONNX Runtime's optimizer turns it round, also across a reduction in between,
/// unless an axis of size 1 among the transposed ones stops it. So instead of
/// <c>[R, O] → Transpose → Reshape [O, C, kh, kw]</c> write <c>[1, R, O] → Transpose(0, 2, 1) → Reshape [O, C, kh, kw]</c>.
/// </summary>
internal static class FusionTrap
{
    /// <summary>Orders of the axes other than those of size 1.</summary>
    private static readonly HashSet<string> Fatal = ["102", "201", "0213", "0312", "2013", "3012"];

    /// <summary>The names of the nodes that would keep DirectML from loading the graph.</summary>
    /// <param name="outputs">A lowered graph with a bound batch.</param>
    public static IReadOnlyList<string> Find(IEnumerable<Value> outputs)
    {
        List<Node> nodes = Traversal.TopologicalOrder(outputs);
        ILookup<Value, Node> readers = nodes.SelectMany(n => n.Inputs.Select(i => (i, n))).ToLookup(p => p.i, p => p.n, ReferenceEqualityComparer.Instance as IEqualityComparer<Value>);
        return [.. nodes.Where(n => IsFatal(n) && IsReadElementwise(n.Output, readers)).Select(n => n.Name)];
    }

    private static bool IsFatal(Node node)
    {
        long count = TensorData.CountOf(node.Output.Shape.Sizes());
        return count % 4 != 0 && Order(node) is { } order && Fatal.Contains(string.Concat(order));
    }

    /// <summary>The order in which a Transpose behind a splitting Reshape brings its axes; null for all other nodes.</summary>
    private static IEnumerable<int>? Order(Node node)
    {
        if (node is { Op: Transpose transpose } && node.Inputs[0].Producer is { Op: Reshape } before)
        {
            bool splits = Groups(Sizes(before.Inputs[0]), Sizes(before.Output)).Any(g => g.To > 1);
            return splits ? WithoutOnes(transpose.Order, before.Output.Shape) : null;
        }

        if (node.Op is not Reshape || node.Inputs[0].Producer is not { } moved)
        {
            return null;
        }

        int[] gone = [];
        if (moved.Op is Reduction reduction)
        {
            gone = reduction.ReducedAxes;
            moved = moved.Inputs[0].Producer!;
        }

        return moved is { Op: Transpose later } && !(gone.Length == 0 && moved.Output.Shape.Contains(1L))
            ? TurnedRound(later.Order, moved.Output.Shape, gone, node.Output)
            : null;
    }

    /// <summary>The order of the Transpose when the Reshape behind it has been moved before it; null where that cannot be done.</summary>
    private static IEnumerable<int>? TurnedRound(int[] order, Shape moved, int[] gone, Value reshaped)
    {
        int[] kept = [.. Enumerable.Range(0, order.Length).Where(i => !gone.Contains(i) && moved[i] != 1L)];
        (int From, int To)[] groups = [.. Groups([.. kept.Select(i => moved[i].Size)], Sizes(reshaped))];
        if (groups.Any(g => g.From != 1) || groups.All(g => g.To == 1))
        {
            return null;
        }

        // The axes that each axis is split into, numbered in the order before the Transpose.
        int[] sources = [.. kept.Select(i => order[i])];
        return sources.SelectMany((source, i) =>
        {
            int first = sources.Index().Where(s => s.Item < source).Sum(s => groups[s.Index].To);
            return Enumerable.Range(first, groups[i].To);
        });
    }

    private static bool IsReadElementwise(Value value, ILookup<Value, Node> readers) => readers[value].Any(r => r.Op switch
    {
        MatMul or Gemm or Conv or ConvTranspose or Reduction => false,
        Reshape or Transpose => IsReadElementwise(r.Output, readers),
        _ => true,
    });

    private static IEnumerable<int> WithoutOnes(int[] order, Shape shape)
    {
        int[] kept = [.. order.Where(axis => shape[axis] != 1L)];
        return kept.Select(axis => kept.Count(other => other < axis));
    }

    private static long[] Sizes(Value value) => [.. value.Shape.Sizes().Where(d => d != 1)];

    /// <summary>Runs of axes that hold the same elements before and after a Reshape, as how many axes each.</summary>
    private static IEnumerable<(int From, int To)> Groups(long[] from, long[] to)
    {
        for (int i = 0, j = 0; i < from.Length && j < to.Length;)
        {
            (int first, int second) = (i, j);
            (long a, long b) = (from[i++], to[j++]);
            while (a != b)
            {
                if (a < b)
                {
                    a *= from[i++];
                }
                else
                {
                    b *= to[j++];
                }
            }

            yield return (i - first, j - second);
        }
    }
}
