using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>Layers over pictures with numbers that can be checked by eye.</summary>
public class PictureTests
{
    private static readonly Input Row = Tensors.Input("row", 1, 1, 1, 4), Square = Tensors.Input("square", 1, 2, 2, 2);

    private static IEnumerable<TestCaseData> Rows =>
    [
        Of("zeros", x => x.Pad2d((0, 2)), 0, 0, 1, 2, 3, 4, 0, 0),
        Of("reflected at the border pixels", x => x.Pad2d((0, 2), PadMode.Reflect), 3, 2, 1, 2, 3, 4, 3, 2),
        Of("the border pixels again", x => x.Pad2d((0, 2), PadMode.Edge), 1, 1, 1, 2, 3, 4, 4, 4),
        Of("turned round", x => x.Flip([-1]), 4, 3, 2, 1),
        Of("every second", x => x.Slice(-1, 1, step: 2), 2, 4),
        Of("from the end", x => x.Slice(3, -3, -1), 2, 3),
        Of("cropped", x => x.Crop2d(0, 2, 0, 1), 3),
        Of("the middle, what is left over behind", x => x.CenterCrop2d((1, 3)), 1, 2, 3),
        Of("pixels repeated", x => x.Upsample2d((1, 2)), 1, 1, 2, 2, 3, 3, 4, 4),
        Of("between pixels", x => x.Upsample2d((1, 2), ResizeMode.Bilinear), 1, 1.25f, 1.75f, 2.25f, 2.75f, 3.25f, 3.75f, 4),
        Of("corners stay", x => x.Resize2d((1, 7), alignCorners: true), 1, 1.5f, 2, 2.5f, 3, 3.5f, 4),
        Of("three of four, nearest", x => x.Resize2d((1, 3), ResizeMode.Nearest), 1, 2, 3),
        Of("a stride of a shortcut without parameters", x => x.Shortcut(ShortcutKind.A, channels: 2, stride: 2), 1, 3, 0, 0),
        Of("the same with the zeros on both sides",
            x => x.Shortcut(ShortcutKind.A, channels: 4, stride: 2, splitZeros: true), 0, 0, 1, 3, 0, 0, 0, 0),
    ];

    /// <summary>A row of pixels 1, 2, 3, 4.</summary>
    [TestCaseSource(nameof(Rows))]
    public void A_row_becomes(Func<Value, Value> build, float[] expected)
    {
        ArgumentNullException.ThrowIfNull(build);
        Assert.That(GraphRunner.Evaluate(build(Row), (Row, Tensors.Of(Row, 1, 2, 3, 4))), Is.EqualTo(expected).Within(1e-6f));
    }

    /// <summary>Two maps 1, 2, 3, 4 and 5, 6, 7, 8: their products with each other are 30, 70 and 174.</summary>
    [TestCase(GramNormalization.None, 1)]
    [TestCase(GramNormalization.Positions, 4)]
    [TestCase(GramNormalization.Elements, 8)]
    public void Gram_matrices(GramNormalization normalization, float divisor) => Assert.That(
        GraphRunner.Evaluate(Square.GramMatrix(normalization), (Square, Tensors.Of(Square, 1, 2, 3, 4, 5, 6, 7, 8))),
        Is.EqualTo(new[] { 30 / divisor, 70 / divisor, 70 / divisor, 174 / divisor }).Within(1e-5f));

    [Test]
    public void An_average_is_the_mean_of_its_branches() => Assert.That(
        GraphRunner.Evaluate(Row.Average(3 * Row, Row - 1), (Row, Tensors.Of(Row, 1, 2, 4, 7))),
        Is.EqualTo(new[] { 4 / 3f, 3, 19 / 3f, 34 / 3f }).Within(1e-6f));

    /// <summary>Of three columns the second stays, and of four rows the second as well: more is cut at the bottom.</summary>
    [Test]
    public void The_middle_is_cut_out_along_both_axes()
    {
        Input picture = Tensors.Input("picture", 1, 1, 4, 3);
        Assert.That(
            GraphRunner.Evaluate(picture.CenterCrop2d(1), (picture, Tensors.Of(picture, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))),
            Is.EqualTo(new float[] { 5 }));
    }

    [Test]
    public void Channels_move_with_their_pixels() => Assert.That(
        GraphRunner.Evaluate(Square.ToChannelsLast(), (Square, Tensors.Of(Square, 1, 2, 3, 4, 5, 6, 7, 8))),
        Is.EqualTo(new float[] { 1, 5, 2, 6, 3, 7, 4, 8 }));

    [Test]
    public void Pieces_of_an_axis_are_named_after_their_layer()
    {
        IReadOnlyList<Value> parts = Network.Input("x", 6, 2).Split(1, [1, 2, 3], name: "cut");
        Network network = NetworkBuilder.Build([parts[2], parts[0]], "net");
        Assert.Multiple(() =>
        {
            Assert.That(parts.Select(p => p.Shape.ToString()), Is.EqualTo(new[] { "[N, 1, 2]", "[N, 2, 2]", "[N, 3, 2]" }));
            Assert.That(network.Nodes.Select(n => n.Name), Is.EqualTo(new[] { "cut/part2", "cut/part0" }));
        });
    }

    [Test]
    public void Shortcuts_project_only_where_their_option_says_so()
    {
        Value x = Network.Input("x", 4, 6, 6);
        Assert.Multiple(() =>
        {
            Assert.That(x.Shortcut(ShortcutKind.A, 4), Is.SameAs(x));
            Assert.That(x.Shortcut(ShortcutKind.B, 4), Is.SameAs(x));
            Assert.That(Layers(x.Shortcut(ShortcutKind.A, 6, stride: 2)), Is.EqualTo("shortcut1/subsample, shortcut1/zero_channels"));
            Assert.That(Layers(x.Shortcut(ShortcutKind.B, 6, normalize: y => y.Relu())), Does.EndWith("projection, shortcut1/relu1"));
            Assert.That(Layers(x.Shortcut(ShortcutKind.B, 4, stride: 2)), Is.EqualTo("shortcut1/projection"));
            Assert.That(Layers(x.Shortcut(ShortcutKind.C, 4)), Is.EqualTo("shortcut1/projection"));
            Assert.That(x.Shortcut(ShortcutKind.A, 9, stride: (2, 3)).Shape.ToString(), Is.EqualTo("[N, 9, 3, 2]"));
            Assert.That(x.Shortcut(ShortcutKind.C, 9, stride: 2).Build("net").ParameterCount, Is.EqualTo(36));
        });

        static string Layers(Value y) => string.Join(", ", y.Build("net").Nodes.Select(n => n.Name));
    }

    /// <summary>The factor of a resize gives the size asked for, whether a provider rounds its product in float or in double.</summary>
    [Test]
    public void Bilinear_factors_give_every_size()
    {
        for (int from = 1; from <= 40; from++)
        {
            Input x = Tensors.Input("x", 1, 1, from, 1);
            for (int to = 1; to <= 100; to++)
            {
                var op = (BilinearResize)Cnn.Graph.Lowering.PortableDialect.Instance.Lower([x.Resize2d((to, 1))], 17)[0].Producer!.Op;
                Assert.That(((int)(op.Factors[2] * from), (int)((double)op.Factors[2] * from)), Is.EqualTo((to, to)));
            }
        }
    }

    private static TestCaseData Of(string name, Func<Value, Value> build, params float[] expected) =>
        new TestCaseData(build, expected).SetArgDisplayNames(name);
}
