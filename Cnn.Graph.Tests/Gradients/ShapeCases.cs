using Cnn.Graph.Operators;
using static Cnn.Graph.Tests.Curve;
using static Cnn.Graph.Tests.GradientCase;

namespace Cnn.Graph.Tests;

/// <summary>Operators that move, join, cut, repeat and sum elements.</summary>
internal static class ShapeCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("flatten", Linear, [[2, 3, 2, 2]], v => v[0].Flatten()),
        new("reshape", Linear, [[2, 12]], v => v[0].Reshape([3, 4])),
        new("reshape: to a higher rank and back", Linear, [[2, 6]], v => v[0].Reshape([1, 2, 3]).Reshape([6])),
        new("transpose", Linear, [[2, 3]], v => v[0].TransposeBy(1, 0)),
        new("transpose: an order that is not its own inverse", Linear, [[2, 3, 4]], v => v[0].TransposeBy(1, 2, 0)),
        new("transpose: channels last", Linear, [[2, 3, 2, 4]], v => v[0].TransposeBy(0, 2, 3, 1)),
        new("concat: channels", Linear, [[2, 1, 2, 2], [2, 3, 2, 2]], v => v[0].Concat(v[1])),
        new("concat: three branches", Linear, [[2, 1], [2, 3], [2, 2]], v => v[0].Concat(v[1], v[2])),
        new("concat: rows", Linear, [[2, 3], [1, 3]], v => v[0].Concat([v[1]], axis: 0)),
        new("concat: last axis", Linear, [[2, 3, 1], [2, 3, 2]], v => v[0].Concat([v[1]], axis: -1)),
        new("concat: the same branch twice", Linear, [[2, 3]], v => v[0].Concat(v[0])),
        new("slice: middle", Linear, [[2, 5]], v => v[0].SliceBy(1, 1, 3)),
        new("slice: start", Linear, [[2, 5]], v => v[0].SliceBy(1, 0, 2)),
        new("slice: end", Linear, [[4, 5]], v => v[0].SliceBy(0, 3, 4)),
        new("slice: two axes", Linear, [[2, 3, 4, 5]], v => Node(new Slice([1, 3], [0, 2], [2, 4]), v[0])),
        new("broadcast: new axes", Linear, [[3], [2, 4, 3]], v => v[0].Like(v[1])),
        new("broadcast: axes of size 1", Linear, [[2, 1, 3], [2, 4, 3]], v => v[0].Like(v[1])),
        new("broadcast: scalar", Linear, [[], [2, 3]], v => v[0].Like(v[1])),

        .. from keep in new[] { false, true }
           from axes in new int[][] { [0], [1], [2], [0, 2], [1, 2], [0, 1, 2] }
           from mean in new[] { false, true }
           select new GradientCase(
               $"{(mean ? "mean" : "sum")}: axes {string.Join(", ", axes)}{(keep ? ", kept" : "")}",
               Linear,
               [[2, 3, 4]],
               v => mean ? v[0].Mean(axes, keep) : v[0].Sum(axes, keep)),
        new("mean: spatial axes", Linear, [[2, 3, 2, 4]], v => v[0].Mean([2, 3])),
    ];
}
