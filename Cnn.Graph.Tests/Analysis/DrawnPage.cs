using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Cnn.Graph.Analysis;

namespace Cnn.Graph.Tests.Analysis;

/// <summary>What the page of a network shows, read as XML.</summary>
internal sealed partial class DrawnPage(Network network)
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";

    public XElement Page { get; } = XDocument.Parse(NetworkPage.Of(network)).Root!;

    public XElement Drawing => Page.Descendants(Svg + "svg").Single();

    /// <summary>The boxes of layers and inputs; pointing at one tells its name first.</summary>
    public Box[] Boxes =>
        [.. Drawing.Elements(Svg + "g").Select(g => Box.Of(g.Element(Svg + "title")!.Value.Split('\n')[0], g.Element(Svg + "rect")!))];

    public Box[] Frames => [.. Drawing.Elements(Svg + "rect").Select(r => Box.Of("", r))];

    /// <summary>What the headings of frames cover at least: they stand on their places.</summary>
    public Box[] Headings => [.. Drawing.Elements(Svg + "text").Select(
        t => Box.Sized(t.Nodes().OfType<XText>().Single().Value, Number(t, "x"), Number(t, "y") - 10, 20, 10))];

    /// <summary>The lines from box to box, as many points on them.</summary>
    public (double X, double Y)[][] Lines =>
        [.. Drawing.Elements(Svg + "path").Where(p => p.Attribute("class")?.Value == "edge").Select(Points)];

    public static double Number(XElement element, string name) =>
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
}

/// <summary>Where something is drawn.</summary>
internal sealed record Box(string Name, double X, double Y, double Right, double Bottom)
{
    public static Box Of(string name, XElement rect) => Sized(
        name, DrawnPage.Number(rect, "x"), DrawnPage.Number(rect, "y"), DrawnPage.Number(rect, "width"), DrawnPage.Number(rect, "height"));

    public static Box Sized(string name, double x, double y, double width, double height) => new(name, x, y, x + width, y + height);

    public bool Meets(Box other) => X < other.Right && other.X < Right && Y < other.Bottom && other.Y < Bottom;

    public bool Holds(Box other) => X <= other.X && Y <= other.Y && other.Right <= Right && other.Bottom <= Bottom;

    public bool Contains((double X, double Y) p) => p.X > X && p.X < Right && p.Y > Y + 0.3 && p.Y < Bottom - 0.3;

    public bool IsAtBottom((double X, double Y) p) => p.X > X && p.X < Right && Math.Abs(p.Y - Bottom) < 0.3;

    public bool IsAtTop((double X, double Y) p) => p.X > X && p.X < Right && Math.Abs(p.Y - Y) < 0.3;
}
