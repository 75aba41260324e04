using Cnn.Graph.Ir;

namespace Cnn.Graph.Analysis.Drawing;

/// <summary>Parts below one another, so that the line between two is straight.</summary>
internal sealed class Column
{
    private readonly List<Part> _parts;
    private readonly double[] _lefts;
    private readonly double _gap, _left;

    public Column(List<Part> parts, double gap)
    {
        (_parts, _gap, _lefts) = (parts, gap, new double[parts.Count]);
        for (int i = 1; i < parts.Count; i++)
        {
            Part source = SourceBetween(parts[i - 1], parts[i]);
            _lefts[i] = _lefts[i - 1] + parts[i - 1].ExitOf(source) - parts[i].EntryOf(source);
        }

        _left = _lefts.Min();
        Vertex = new Vertex
        {
            IsMain = true,
            Width = parts.Select((part, i) => _lefts[i] + part.Width).Max() - _left,
            Height = parts.Sum(part => part.Height) + ((parts.Count - 1) * gap),
        };
    }

    public Vertex Vertex { get; }

    /// <summary>Whether data comes from an input of the network.</summary>
    public bool IsFed => _parts[0].Value is Input;

    /// <summary>Where a line enters, beside the middle.</summary>
    public double EntryOf(Part source) => _lefts[0] - _left + _parts[0].EntryOf(source) - (Vertex.Width / 2);

    public double ExitOf(Part source) => _lefts[^1] - _left + _parts[^1].ExitOf(source) - (Vertex.Width / 2);

    public void PlaceParts(double top)
    {
        foreach ((int i, Part part) in _parts.Index())
        {
            (part.X, part.Y) = (Vertex.X - (Vertex.Width / 2) + _lefts[i] - _left, top);
            top += part.Height + _gap;
        }
    }

    private static Part SourceBetween(Part above, Part below) =>
        above.Parent!.Links.Keys.First(link => link.From == above && link.To == below).Source;
}
