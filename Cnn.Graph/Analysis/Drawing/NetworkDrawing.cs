using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Analysis.Drawing;

/// <summary>
/// A network as a drawing (SVG), from the input at the top down: a box for each layer, frames around blocks, lines for what flows. Colours
/// come from the page's style sheet; pointing at a box or a frame tells the rest.
/// </summary>
internal sealed class NetworkDrawing
{
    private const double LineHeight = 14, TextWidth = 6.1, NameWidth = 6.9, LeastWidth = 130, MostWidth = 236, HeadingHeight = 22;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly NetworkSummary _summary;
    private readonly Dictionary<Node, LayerSummary> _layers;
    private readonly PartTree _tree;

    private NetworkDrawing(NetworkSummary summary)
    {
        _summary = summary;
        _layers = summary.Network.Nodes.Zip(summary.Layers).ToDictionary(p => p.First, p => p.Second);
        _tree = PartTree.Of(summary.Network);
    }

    public static XElement Of(NetworkSummary summary) => new NetworkDrawing(summary).Draw();

    /// <summary>The kinds of layers that are told apart by colour, with the names of their classes in the style sheet.</summary>
    public static string KindOf(Operator op) => op switch
    {
        Conv or ConvTranspose or LocallyConnected => "convolution",
        Gemm or MatMul or RadialBasis => "dense",
        Pool or GlobalPool => "pooling",
        ChannelNormalization or SampleNormalization or LocalResponseNorm => "normalization",
        Concat or Add or Sub or Mul or Div or Max or Min => "join",
        UnaryOperator and not Dropout or PRelu => "activation",
        _ => "other",
    };

    private XElement Draw()
    {
        Part[] boxes = [.. _tree.Root.All.Where(p => p.Value is not null)];
        double width = Math.Clamp(boxes.Max(b => Lines(b).Select((line, i) => Length(line, i)).Max()) + 18, LeastWidth, MostWidth);
        foreach (Part box in boxes)
        {
            (box.Width, box.Height) = (width, (Lines(box).Length * LineHeight) + 9);
        }

        FrameLayout.Arrange(_tree.Root, frame => (Length(frame.Label, 0) + 20, HeadingHeight));
        Part[] frames = [.. _tree.Root.All.Where(p => p.Value is null && p != _tree.Root)];
        return new XElement(
            Svg + "svg",
            new XAttribute("role", "img"),
            new XAttribute("aria-label", OperatorText.Printable($"The layers of {_summary.Network.Name}")),
            Number("width", _tree.Root.Width), Number("height", _tree.Root.Height),
            new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {_tree.Root.Width:0.#} {_tree.Root.Height:0.#}")),
            Arrowhead(),
            frames.Select(frame => Rectangle(frame, "block", 9)),
            _tree.Edges.Select(Edge),
            boxes.Select(Box),
            frames.Select(FrameHeading));
    }

    private static XElement Arrowhead() => new(
        Svg + "marker",
        new XAttribute("id", "arrow"), new XAttribute("viewBox", "0 0 8 8"), new XAttribute("refX", "7"), new XAttribute("refY", "4"),
        new XAttribute("markerWidth", "6"), new XAttribute("markerHeight", "6"), new XAttribute("orient", "auto"),
        new XElement(Svg + "path", new XAttribute("d", "M0,0 L8,4 L0,8 z")));

    private XElement Box(Part box)
    {
        bool isOutput = _summary.Network.Outputs.Contains(box.Value);
        Point corner = box.Corner;
        return new XElement(
            Svg + "g",
            new XAttribute("class", $"layer {(box.Layer is null ? "input" : KindOf(box.Layer.Op))}{(isOutput ? " output" : "")}"),
            new XElement(Svg + "title", OperatorText.Printable(Details(box))),
            Rectangle(box, "box", 5),
            Lines(box).Select((line, i) => new XElement(
                Svg + "text",
                new XAttribute("class", i == 0 ? "name" : "detail"),
                Number("x", corner.X + 9), Number("y", corner.Y + 15 + (i * LineHeight)),
                OperatorText.Printable(Shortened(line, i, box.Width - 16)))));
    }

    private XElement FrameHeading(Part frame)
    {
        LayerSummary[] inside = [.. frame.All.Where(p => p.Layer is not null).Select(p => _layers[p.Layer!])];
        Point corner = frame.Corner;
        return new XElement(
            Svg + "text",
            new XAttribute("class", "heading"), Number("x", corner.X + 10), Number("y", corner.Y + 15),
            new XElement(Svg + "title", OperatorText.Printable(
                $"{frame.Path}: {inside.Length} layers, {OperatorText.Count(inside.Sum(l => l.Parameters))} parameters, " +
                $"{OperatorText.Count(inside.Sum(l => l.Macs))} MACs")),
            OperatorText.Printable(frame.Label));
    }

    private static XElement Rectangle(Part part, string kind, double radius) => new(
        Svg + "rect",
        new XAttribute("class", kind), Number("x", part.Corner.X), Number("y", part.Corner.Y),
        Number("width", part.Width), Number("height", part.Height), Number("rx", radius));

    /// <summary>The points of a line frame by frame; what goes aside does so in a curve between two rows.</summary>
    private XElement Edge((Part From, Part To) edge)
    {
        var points = new List<Point>();
        HashSet<Part> around = [.. edge.To.Ancestors];
        Part at = edge.From;
        for (; !around.Contains(at.Parent!); at = at.Parent!)
        {
            Follow(at.Parent!, new Link(at, null, edge.From));
        }

        Part[] inward = [.. edge.To.Ancestors.TakeWhile(p => p != at.Parent).Reverse(), edge.To];
        Follow(at.Parent!, new Link(at, inward[0], edge.From));
        foreach ((Part frame, Part next) in inward.Zip(inward.Skip(1)))
        {
            Follow(frame, new Link(null, next, edge.From));
        }

        var path = new StringBuilder();
        foreach ((int i, Point p) in points.Index())
        {
            Point before = points[Math.Max(i - 1, 0)];
            double middle = (before.Y + p.Y) / 2;
            path.Append(i == 0 ? string.Create(CultureInfo.InvariantCulture, $"M{p.X:0.#},{p.Y:0.#}")
                : Math.Abs(before.X - p.X) < 0.5 ? string.Create(CultureInfo.InvariantCulture, $" L{p.X:0.#},{p.Y:0.#}")
                : string.Create(CultureInfo.InvariantCulture, $" C{before.X:0.#},{middle:0.#} {p.X:0.#},{middle:0.#} {p.X:0.#},{p.Y:0.#}"));
        }

        return new XElement(
            Svg + "path", new XAttribute("class", "edge"), new XAttribute("d", path), new XAttribute("marker-end", "url(#arrow)"));

        // A piece without a length would turn the arrow's head.
        void Follow(Part frame, Link link) => points.AddRange(frame.Links[link]
            .Select(p => new Point(frame.Corner.X + p.X, frame.Corner.Y + p.Y))
            .Where(p => points.Count == 0 || Math.Abs(points[^1].X - p.X) + Math.Abs(points[^1].Y - p.Y) > 0.1));
    }

    /// <summary>The lines of a box: its name, the operator, what comes out, how many parameters; plain layers take a line less.</summary>
    private string[] Lines(Part box)
    {
        string shape = OperatorText.Sizes(box.Value!.Shape.Skip(1).Select(d => d.Size));
        if (box.Layer is not { } node)
        {
            return [box.Label, shape];
        }

        string weights = _layers[node].Parameters is > 0 and var count ? $" · {OperatorText.Count(count)} params" : "";
        return OperatorText.Of(node) is var text && text == node.Op.Name
            ? [box.Label, $"{text} · {shape}{weights}"]
            : [box.Label, text, $"{shape}{weights}"];
    }

    private string Details(Part box)
    {
        if (box.Layer is not { } node)
        {
            return $"{box.Path}\ninput {box.Value!.Type}";
        }

        LayerSummary layer = _layers[node];
        return string.Join(
            '\n',
            node.Name,
            OperatorText.Of(node),
            $"output {OperatorText.Sizes(layer.Output)}, {OperatorText.Count(layer.ActivationBytes)} bytes",
            $"{OperatorText.Count(layer.Parameters)} parameters, {OperatorText.Count(layer.Macs)} MACs, " +
            $"{OperatorText.Count(layer.Connections)} connections",
            $"receptive field {OperatorText.Sides(layer.ReceptiveField, "×")}, center {OperatorText.Sides(layer.Center)}, " +
            $"jump {OperatorText.Sides(layer.Jump)}");
    }

    private static double Length(string line, int index) => line.Length * (index == 0 ? NameWidth : TextWidth);

    private static string Shortened(string line, int index, double width)
    {
        int most = (int)(width / (index == 0 ? NameWidth : TextWidth));
        return line.Length <= most ? line : $"{line[..(most - 1)]}…";
    }

    private static XAttribute Number(string name, double value) => new(name, value.ToString("0.#", CultureInfo.InvariantCulture));
}
