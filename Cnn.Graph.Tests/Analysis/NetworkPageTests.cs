using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Analysis;

/// <summary>The page of a network, read as XML: everything is there, nothing lies upon another, nothing comes from elsewhere.</summary>
[Parallelizable(ParallelScope.All)]
public partial class NetworkPageTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";

    private static IEnumerable<TestCaseData> Networks =>
    [
        .. new[]
        {
            "lenet5", "lenet5-original", "googlenet-aux", "inception_v3", "resnet152", "densenet121", "nasnet-mobile", "deep-image-prior",
        }.Select(id => Case(id, Architecture.Find(id).Build())),
        Case("every layer", Support.Networks.EveryLayer()),
        Case("blocks that take turns", Turns()),
        Case("lines that cross", Crossed()),
        Case("an input is the output", Network.Input("image", 1, 2, 2).Build("net")),
    ];

    [TestCaseSource(nameof(Networks))]
    public void Every_layer_has_a_box_and_a_row(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        XElement page = Page(network);
        Box[] boxes = Boxes(page);
        XElement[] rows = [.. page.Descendants(Html + "tbody").Single().Elements()];
        Assert.Multiple(() =>
        {
            Assert.That(
                boxes.Select(b => b.Name), Is.EquivalentTo(network.Inputs.Select(i => i.Name).Concat(network.Nodes.Select(n => n.Name))));
            Assert.That(rows.Select(r => r.Elements().First().Value), Is.EqualTo(network.Nodes.Select(n => n.Name)));
            Assert.That(page.Descendants(Svg + "g").Count(g => g.Attribute("class")!.Value.EndsWith(" output", StringComparison.Ordinal)),
                Is.EqualTo(network.Outputs.Count));
        });
    }

    [TestCaseSource(nameof(Networks))]
    public void Boxes_lie_beside_each_other_and_within_their_frames(Network network)
    {
        XElement page = Page(network), drawing = page.Descendants(Svg + "svg").Single();
        Box[] boxes = Boxes(page);
        var sheet = new Box("", 0, 0, Number(drawing, "width"), Number(drawing, "height"));
        Box[] frames = [.. drawing.Elements(Svg + "rect").Select(r => Box.Of("", r))];
        Assert.Multiple(() =>
        {
            Assert.That(boxes.Where(b => !sheet.Holds(b)).Select(b => b.Name), Is.Empty, "outside the drawing");
            Assert.That(Pairs(boxes).Where(p => p.First.Meets(p.Second)).Select(p => $"{p.First.Name} and {p.Second.Name}"), Is.Empty);
            Assert.That(Pairs(frames).Where(p => p.First.Meets(p.Second) && !p.First.Holds(p.Second) && !p.Second.Holds(p.First)), Is.Empty);
            Assert.That(frames.SelectMany(f => boxes.Where(b => f.Meets(b) && !f.Holds(b))), Is.Empty, "half in a frame");
        });
    }

    /// <summary>A frame holds the boxes of its block and no other.</summary>
    [Test]
    public void Frames_are_around_blocks()
    {
        XElement drawing = Page(Architecture.Find("googlenet").Build()).Descendants(Svg + "svg").Single();
        Box[] boxes = Boxes(drawing);
        string[] held =
        [
            .. drawing.Elements(Svg + "rect").Select(r => Box.Of("", r))
                .Select(frame => string.Join(' ', boxes.Where(frame.Holds).Select(b => b.Name.Split('/')[0]).Distinct())),
        ];
        string[] blocks = [.. boxes.Select(b => b.Name).Where(n => n.Contains('/')).Select(n => n.Split('/')[0]).Distinct()];
        Assert.That(held, Is.EquivalentTo(blocks.Where(b => b != "loss3")));
        Assert.That(drawing.Elements(Svg + "text").Select(t => t.Nodes().OfType<XText>().Single().Value), Is.EquivalentTo(held));
    }

    [TestCaseSource(nameof(Networks))]
    public void Every_line_goes_from_box_to_box_and_through_none(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        XElement page = Page(network);
        Box[] boxes = Boxes(page);
        (double X, double Y)[][] lines =
            [.. page.Descendants(Svg + "path").Where(p => p.Attribute("class")?.Value == "edge").Select(Points)];
        string[] drawn = [.. lines.Select(line =>
        {
            Box from = boxes.Single(b => b.IsAtBottom(line[0])), to = boxes.Single(b => b.IsAtTop(line[^1]));
            var way = $"{from.Name} → {to.Name}";
            Assert.That(boxes.Where(b => line.Skip(1).SkipLast(1).Any(b.Contains)).Select(b => b.Name), Is.Empty, way);
            return way;
        })];
        Assert.That(drawn, Is.EquivalentTo(network.Nodes.SelectMany(node => node.Inputs.Where(i => i is Input || i.Producer is not null)
            .Select(i => $"{i.Producer?.Name ?? i.Name} → {node.Name}").Distinct())));
    }

    /// <summary>Layers without a branch stand straight below one another.</summary>
    [Test]
    public void A_chain_is_straight() => Assert.That(
        Boxes(Page(Architecture.Find("lenet5").Build())).Select(b => b.X).Distinct().Count(), Is.EqualTo(1));

    /// <summary>As they come the layers behind a and b would stand the wrong way round.</summary>
    [Test]
    public void Lines_cross_no_more_than_they_must()
    {
        Dictionary<string, double> x = Boxes(Page(Crossed())).ToDictionary(b => b.Name, b => b.X);
        Assert.That(Math.Sign(x["a2"] - x["b2"]), Is.EqualTo(Math.Sign(x["a"] - x["b"])));
    }

    [TestCase("lenet5")]
    [TestCase("nasnet-mobile")]
    public void Nothing_comes_from_elsewhere(string id)
    {
        string text = NetworkPage.Of(Architecture.Find(id).Build());
        string[] addresses = [.. Address().Matches(text).Select(m => m.Value).Distinct()];
        Assert.Multiple(() =>
        {
            Assert.That(addresses, Is.SubsetOf(new[] { "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg" }));
            Assert.That(text, Does.Not.Contain("<script").And.Not.Contain("<link").And.Not.Contain("@import").And.Not.Contain("src="));
            Assert.That(Reference().Matches(text).Select(m => m.Value).Distinct(), Is.EqualTo(new[] { "url(#arrow)" }));
        });
    }

    /// <summary>Browsers read a short end tag as a start tag, but for elements that are always empty, and within drawings.</summary>
    [Test]
    public void Elements_are_closed_as_HTML_wants_it() => Assert.That(
        Page(Architecture.Find("lenet5").Build()).Descendants().Where(e => e.Name.Namespace == Html && e.IsEmpty)
            .Select(e => e.Name.LocalName).Distinct(),
        Is.EqualTo(new[] { "meta" }));

    [Test]
    public void Names_are_written_as_they_are()
    {
        Value x = Network.Input("i<m>&", 1, 8, 8).Conv2d(1, 3, name: "<b>\"&'").Relu(name: "a\u0001\uD800b😀/<i>");
        XElement page = Page(x.Flatten(name: "a&b").Build("<script>alert(1)</script> & more"));
        Assert.Multiple(() =>
        {
            Assert.That(Boxes(page).Select(b => b.Name), Is.EqualTo(new[] { "i<m>&", "<b>\"&'", "a\uFFFD\uFFFDb😀/<i>", "a&b" }));
            Assert.That(page.Descendants(Html + "h1").Single().Value, Is.EqualTo("<script>alert(1)</script> & more"));
            Assert.That(page.ToString(), Does.Not.Contain("<script").And.Not.Contain("<b>").And.Not.Contain("<i>"));
        });
    }

    [Test]
    public void The_page_tells_the_totals_and_what_training_takes()
    {
        Architecture lenet = Architecture.Find("lenet5");
        Network network = lenet.Build();
        var memory = TrainingMemory.Of(network, lenet.Recipe.Loss, lenet.Recipe.Optimizer);
        string with = NetworkPage.Of(network, memory), without = NetworkPage.Of(network);
        Assert.Multiple(() =>
        {
            foreach (string figure in new[] { "61,706", "416,520", "429,342", "37.63 kB", "35.55 kB" })
            {
                Assert.That(with, Does.Contain($">{figure}<"));
            }

            Assert.That(without, Does.Contain(">61,706<").And.Not.Contain("in training"));
            Assert.That(NetworkPage.Of(network), Is.EqualTo(without), "the same page every time");
        });
    }

    [Test]
    public void A_page_is_saved_whole_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        Network network = Network.Input("image", 1, 8, 8).Relu().Build("net");
        NetworkPage.Save(network, folder.Write("page.html", [1, 2, 3]));
        Assert.That(File.ReadAllText(folder["page.html"]), Is.EqualTo(NetworkPage.Of(network)));
        Assert.That(
            () => NetworkPage.Save(network, folder["no/page.html"]),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("no/page.html"));
        Assert.That(folder.Files, Has.Length.EqualTo(1));
    }

    /// <summary>Neither block can stand before the other, so that one goes without a frame.</summary>
    private static Network Turns()
    {
        Value x = Network.Input("image", 1, 8, 8);
        Value turns = x.Relu(name: "a/1").Tanh(name: "b/1").Relu(name: "a/2").Tanh(name: "b/2");
        return turns.Add(x.Tanh(name: "b/3").Relu(name: "a/3")).Build("turns");
    }

    private static Network Crossed()
    {
        Value x = Network.Input("image", 1, 8, 8), a = x.Relu(name: "a"), b = x.Tanh(name: "b");
        return NetworkBuilder.Build([a.Add(b), b.Exp(name: "b2"), a.Exp(name: "a2")], "crossed");
    }

    private static XElement Page(Network network) => XDocument.Parse(NetworkPage.Of(network)).Root!;

    /// <summary>The boxes; pointing at one tells its name first.</summary>
    private static Box[] Boxes(XElement page) =>
        [.. page.Descendants(Svg + "g").Select(g => Box.Of(g.Element(Svg + "title")!.Value.Split('\n')[0], g.Element(Svg + "rect")!))];

    private static IEnumerable<(Box First, Box Second)> Pairs(Box[] boxes) =>
        boxes.SelectMany((b, i) => boxes.Take(i).Select(other => (other, b)));

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    /// <summary>Points along a path of M, L and C, ten on each curve and line.</summary>
    private static (double X, double Y)[] Points(XElement path)
    {
        var points = new List<(double X, double Y)>();
        foreach (Match piece in Piece().Matches(path.Attribute("d")!.Value))
        {
            double[] n = [.. piece.Groups[2].Value.Split(',', ' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
            (double X, double Y) p0 = points.Count > 0 ? points[^1] : (n[0], n[1]), p3 = (n[^2], n[^1]);
            ((double X, double Y) p1, (double X, double Y) p2) = piece.Groups[1].Value == "C" ? ((n[0], n[1]), (n[2], n[3])) : (p0, p3);
            for (int i = 1; i <= 10; i++)
            {
                double t = i / 10.0, s = 1 - t;
                points.Add((Bezier(p0.X, p1.X, p2.X, p3.X), Bezier(p0.Y, p1.Y, p2.Y, p3.Y)));
                double Bezier(double a, double b, double c, double d) =>
                    (s * s * s * a) + (3 * s * s * t * b) + (3 * s * t * t * c) + (t * t * t * d);
            }
        }

        return [.. points];
    }

    [GeneratedRegex(@"([MLC])([^MLC]*[^MLC ])")]
    private static partial Regex Piece();

    [GeneratedRegex("""https?:[^"\s<]*""")]
    private static partial Regex Address();

    [GeneratedRegex(@"url\([^)]*\)")]
    private static partial Regex Reference();

    private static TestCaseData Case(string name, Network network) => new TestCaseData(network).SetArgDisplayNames(name);

    private sealed record Box(string Name, double X, double Y, double Right, double Bottom)
    {
        public static Box Of(string name, XElement rect)
        {
            (double x, double y) = (Number(rect, "x"), Number(rect, "y"));
            return new(name, x, y, x + Number(rect, "width"), y + Number(rect, "height"));
        }

        public bool Meets(Box other) => X < other.Right && other.X < Right && Y < other.Bottom && other.Y < Bottom;

        public bool Holds(Box other) => X <= other.X && Y <= other.Y && other.Right <= Right && other.Bottom <= Bottom;

        public bool Contains((double X, double Y) p) => p.X > X && p.X < Right && p.Y > Y + 0.3 && p.Y < Bottom - 0.3;

        public bool IsAtBottom((double X, double Y) p) => p.X > X && p.X < Right && Math.Abs(p.Y - Bottom) < 0.3;

        public bool IsAtTop((double X, double Y) p) => p.X > X && p.X < Right && Math.Abs(p.Y - Y) < 0.3;
    }
}
