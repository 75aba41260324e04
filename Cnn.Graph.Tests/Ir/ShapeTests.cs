using Cnn.Graph.Ir;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

public class ShapeTests
{
    private static readonly Dimension N = Dimension.Symbolic("N");

    private static IEnumerable<TestCaseData> Broadcasts =>
    [
        Case([2, 3], [2, 3], [2, 3]),
        Case([2, 3], [], [2, 3]),
        Case([], [], []),
        Case([2, 3], [3], [2, 3]),
        Case([2, 3], [2, 1], [2, 3]),
        Case([2, 1], [1, 3], [2, 3]),
        Case([3, 1, 1], [2, 3, 4, 5], [2, 3, 4, 5]),
        Case([N, 3], [3], [N, 3]),
        Case([N, 3], [N, 1], [N, 3]),
        Case([N, 1], [1, 3], [N, 3]),
        Case([2, 3], [2], null),
        Case([2, 3], [3, 2], null),
        Case([N, 3], [2, 3], null),
        Case([N, 3], [Dimension.Symbolic("M"), 3], null),
    ];

    [TestCaseSource(nameof(Broadcasts))]
    public void Broadcasting_follows_the_rules_of_ONNX(Shape a, Shape b, Shape? expected) => Assert.Multiple(() =>
    {
        Assert.That(Shape.Broadcast(a, b), Is.EqualTo(expected));
        Assert.That(Shape.Broadcast(b, a), Is.EqualTo(expected));
    });

    [Test]
    public void Shapes_are_equal_when_their_dimensions_are()
    {
        Shape first = new(N, 3), second = new(N, 3);
        Assert.Multiple(() =>
        {
            Assert.That(second, Is.EqualTo(first));
            Assert.That(second.GetHashCode(), Is.EqualTo(first.GetHashCode()));
            Assert.That(first, Is.Not.EqualTo(new Shape(Dimension.Symbolic("M"), 3)));
            Assert.That(Shape.Of(2, 3), Is.Not.EqualTo(Shape.Of(3, 2)));
            Assert.That(Shape.Scalar, Is.EqualTo(Shape.Of()));
        });
    }

    [Test]
    public void A_symbol_is_bound_by_its_name() => Assert.Multiple(() =>
    {
        Assert.That(new Shape(N, 3, N).Bind("N", 5), Is.EqualTo(Shape.Of(5, 3, 5)));
        Assert.That(new Shape(N, 3).Bind("M", 5), Is.EqualTo(new Shape(N, 3)));
        Assert.That(() => new Shape(N, 3).Sizes(), Throws.InvalidOperationException.With.Message.Contains("[N, 3]"));
        Assert.That(new Shape(N, 3, 4).CountPerSample(), Is.EqualTo(12));
        Assert.That(new Shape(N, 3).ToString(), Is.EqualTo("[N, 3]"));
    });

    [Test]
    public void Negative_axes_count_from_the_end() => Assert.Multiple(() =>
    {
        Assert.That(Shape.Of(2, 3, 4)[-1].Size, Is.EqualTo(4));
        Assert.That(Shape.Of(2, 3, 4).With(-2, 7), Is.EqualTo(Shape.Of(2, 7, 4)));
        Assert.That(Shape.Of(2, 3, 4).With(0, N), Is.EqualTo(new Shape(N, 3, 4)));
    });

    private static TestCaseData Case(Dimension[] a, Dimension[] b, Dimension[]? expected) =>
        new TestCaseData(new Shape(a), new Shape(b), expected is null ? null : new Shape(expected))
            .SetArgDisplayNames(new Shape(a).ToString(), new Shape(b).ToString());
}
