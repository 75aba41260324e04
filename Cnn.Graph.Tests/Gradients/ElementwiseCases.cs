using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using static Cnn.Graph.Tests.Curve;

namespace Cnn.Graph.Tests;

/// <summary>Arithmetic with every kind of broadcasting, and choices between elements.</summary>
internal static class ElementwiseCases
{
    public static IEnumerable<GradientCase> All =>
    [
        .. Broadcasts("add", Linear, v => v[0] + v[1]),
        .. Broadcasts("sub", Linear, v => v[0] - v[1]),
        .. Broadcasts("mul", Linear, v => v[0] * v[1]),
        .. Broadcasts("div", Positive, v => v[0] / v[1]),
        .. Broadcasts("max", Piecewise, v => v[0].Maximum(v[1] + Between)),
        .. Broadcasts("min", Piecewise, v => v[0].Minimum(v[1] + Between)),
        new("add: a number", Linear, [[2, 3]], v => v[0] + 2.5),
        new("sub: from a number", Linear, [[2, 3]], v => 1 - v[0]),
        new("sub: a number", Linear, [[2, 3]], v => v[0] - 3),
        new("mul: by a number", Linear, [[2, 3]], v => -1.5 * v[0]),
        new("div: by a number", Linear, [[2, 3]], v => v[0] / 4),
        new("div: of the same value", Positive, [[2, 3]], v => v[0] / (v[0] * v[0])),
        new("mul: of the same value", Polynomial, [[2, 3]], v => v[0] * v[0]),

        new("div: of a number", Positive, [[2, 3]], v => 3 / v[0]),

        new("dropout: in use nothing is dropped", Linear, [[2, 3]], v => v[0].Dropout(0.5)),
        new("dropout: in use the original form shrinks", Linear, [[2, 3]], v => v[0].Dropout(0.25, DropoutForm.Original)),
        new("spatial dropout: in use nothing is dropped", Linear, [[2, 3, 2, 2]], v => v[0].SpatialDropout(0.5)),

        new("where", Linear, [[2, 3], [2, 3]], v => Checkered(2, 3).Where(v[0], v[1])),
        new("where: broadcast operands", Linear, [[2, 1], []], v => Checkered(2, 3).Where(v[0], v[1])),
        new("where: broadcast condition", Linear, [[2, 3], [3]], v => Checkered(1, 3).Where(v[0], v[1])),
    ];

    /// <summary>Puts one operand's numbers, which are 1/8 apart, between those of the other.</summary>
    private const double Between = 1.0 / 16;

    private static IEnumerable<GradientCase> Broadcasts(string name, Curve curve, Func<Value[], Value> build) =>
    [
        new($"{name}: equal shapes", curve, [[2, 3], [2, 3]], build),
        new($"{name}: scalars", curve, [[], []], build),
        new($"{name}: scalar on the left", curve, [[], [2, 3]], build),
        new($"{name}: scalar on the right", curve, [[2, 3], []], build),
        new($"{name}: one element, rank 1", curve, [[2, 3], [1]], build),
        new($"{name}: row", curve, [[2, 3], [3]], build),
        new($"{name}: column", curve, [[2, 3], [2, 1]], build),
        new($"{name}: row and column", curve, [[1, 3], [2, 1]], build),
        new($"{name}: channels", curve, [[2, 3, 2, 2], [3, 1, 1]], build),
        new($"{name}: inner axis", curve, [[2, 1, 4], [2, 3, 4]], build),
        new($"{name}: lower rank on the left", curve, [[4], [2, 3, 4]], build),
        new($"{name}: axes of size 1 on both sides", curve, [[1, 1, 3], [2, 1, 1]], build),
    ];

    /// <summary>True and false by turns.</summary>
    private static Value Checkered(int rows, int columns) =>
        Constants.Floats([.. Enumerable.Range(0, rows * columns).Select(i => i % 2f)], [rows, columns]).IsEqual(Constants.Scalar(1));
}
