using System.Text.RegularExpressions;
using System.Xml.Linq;
using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Analysis;

/// <summary>The page of a network, read as XML: everything is there, nothing lies upon another, nothing comes from elsewhere.</summary>
[Parallelizable(ParallelScope.All)]
public partial class NetworkPageTests
{
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
        var drawn = new DrawnPage(network);
        XElement[] rows = [.. drawn.Page.Descendants(DrawnPage.Html + "tbody").Single().Elements()];
        Assert.Multiple(() =>
        {
            Assert.That(
                drawn.Boxes.Select(b => b.Name), Is.EquivalentTo(network.Inputs.Select(i => i.Name).Concat(network.Nodes.Select(n => n.Name))));
            Assert.That(rows.Select(r => r.Elements().First().Value), Is.EqualTo(network.Nodes.Select(n => n.Name)));
            Assert.That(
                drawn.Drawing.Elements(DrawnPage.Svg + "g").Count(g => g.Attribute("class")!.Value.Contains("output")),
                Is.EqualTo(network.Outputs.Count));
        });
    }

    [TestCaseSource(nameof(Networks))]
    public void Boxes_lie_beside_each_other_and_within_their_frames(Network network)
    {
        var drawn = new DrawnPage(network);
        Box[] boxes = drawn.Boxes, frames = drawn.Frames;
        var sheet = new Box("", 0, 0, DrawnPage.Number(drawn.Drawing, "width"), DrawnPage.Number(drawn.Drawing, "height"));
        Assert.Multiple(() =>
        {
            Assert.That(boxes.Where(b => !sheet.Holds(b)).Select(b => b.Name), Is.Empty, "outside the drawing");
            Assert.That(Pairs(boxes).Where(p => p.First.Meets(p.Second)).Select(p => $"{p.First.Name} and {p.Second.Name}"), Is.Empty);
            Assert.That(Pairs(frames).Where(p => p.First.Meets(p.Second) && !p.First.Holds(p.Second) && !p.Second.Holds(p.First)), Is.Empty);
            Assert.That(frames.SelectMany(f => boxes.Where(b => f.Meets(b) && !f.Holds(b))), Is.Empty, "half in a frame");
            Assert.That(drawn.Headings.Where(heading => boxes.Any(heading.Meets)), Is.Empty, "under a heading");
        });
    }

    /// <summary>A frame holds the boxes of its block and no other.</summary>
    [Test]
    public void Frames_are_around_blocks()
    {
        var drawn = new DrawnPage(Architecture.Find("googlenet").Build());
        Box[] boxes = drawn.Boxes;
        string[] held =
            [.. drawn.Frames.Select(frame => string.Join(' ', boxes.Where(frame.Holds).Select(b => b.Name.Split('/')[0]).Distinct()))];
        string[] blocks = [.. boxes.Select(b => b.Name).Where(n => n.Contains('/')).Select(n => n.Split('/')[0]).Distinct()];
        Assert.That(held, Is.EquivalentTo(blocks.Where(b => b != "loss3")));
        Assert.That(drawn.Headings.Select(h => h.Name), Is.EquivalentTo(held));
    }

    /// <summary>A layer with parts is no block, and a block that only holds another one needs no frame of its own.</summary>
    [Test]
    public void Frames_that_would_tell_nothing_are_left_out()
    {
        Network nested = Network.Input("image", 1, 8, 8).Block("outer", x => x.Block("inner", y => y.Relu().Tanh().Exp())).Build("net");
        Assert.That(new DrawnPage(Architecture.Find("lenet5-original").Build()).Frames, Is.Empty);
        Assert.That(new DrawnPage(nested).Frames, Has.Length.EqualTo(1));
    }

    [TestCaseSource(nameof(Networks))]
    public void Every_line_goes_from_box_to_box_and_through_none(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var page = new DrawnPage(network);
        Box[] boxes = page.Boxes;
        string[] drawn = [.. page.Lines.Select(line =>
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
        new DrawnPage(Architecture.Find("lenet5").Build()).Boxes.Select(b => b.X).Distinct().Count(), Is.EqualTo(1));

    /// <summary>As they come the layers behind a and b would stand the wrong way round.</summary>
    [Test]
    public void Lines_cross_no_more_than_they_must()
    {
        Dictionary<string, double> x = new DrawnPage(Crossed()).Boxes.ToDictionary(b => b.Name, b => b.X);
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
        new DrawnPage(Architecture.Find("lenet5").Build()).Page.Descendants().Where(e => e.Name.Namespace == DrawnPage.Html && e.IsEmpty)
            .Select(e => e.Name.LocalName).Distinct(),
        Is.EqualTo(new[] { "meta" }));

    [Test]
    public void Names_are_written_as_they_are()
    {
        Value x = Network.Input("i<m>&", 1, 8, 8).Conv2d(1, 3, name: "<b>\"&'").Relu(name: "a\u0001\uD800b😀/<i>");
        var drawn = new DrawnPage(x.Flatten(name: "a&b").Build("<script>alert(1)</script> & more"));
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Boxes.Select(b => b.Name), Is.EqualTo(new[] { "i<m>&", "<b>\"&'", "a\uFFFD\uFFFDb😀/<i>", "a&b" }));
            Assert.That(drawn.Page.Descendants(DrawnPage.Html + "h1").Single().Value, Is.EqualTo("<script>alert(1)</script> & more"));
            Assert.That(drawn.Page.ToString(), Does.Not.Contain("<script").And.Not.Contain("<b>").And.Not.Contain("<i>"));
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
            string[] figures = ["61,706", "416,520", "429,342", "37.63 kB", "35.55 kB"];
            Assert.That(figures.Where(figure => !with.Contains($">{figure}<")), Is.Empty);
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

    private static IEnumerable<(Box First, Box Second)> Pairs(Box[] boxes) =>
        boxes.SelectMany((b, i) => boxes.Take(i).Select(other => (other, b)));

    [GeneratedRegex("""https?:[^"\s<]*""")]
    private static partial Regex Address();

    [GeneratedRegex(@"url\([^)]*\)")]
    private static partial Regex Reference();

    private static TestCaseData Case(string name, Network network) => new TestCaseData(network).SetArgDisplayNames(name);
}
