using Cnn.Graph.Ir;

namespace Cnn.Graph.Analysis.Drawing;

/// <summary>Where something is drawn, in pixels.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>A line between two parts of a frame, or between one and the outside where an end is null.</summary>
/// <param name="From">The part it leaves.</param>
/// <param name="To">The part it goes to.</param>
/// <param name="Source">The box whose output it stands for.</param>
internal sealed record Link(Part? From, Part? To, Part Source);

/// <summary>Something that is drawn: the box of a layer or of an input, or a frame around the parts of a block.</summary>
/// <param name="path">The name of the layer, input or block; empty for the whole network.</param>
/// <param name="value">What a box gives; null for a frame.</param>
internal sealed class Part(string path, Value? value = null)
{
    public string Path => path;

    public Value? Value => value;

    /// <summary>The layer of a box; null for frames and inputs.</summary>
    public Node? Layer => value?.Producer;

    public Part? Parent { get; private set; }

    /// <summary>What a frame is around, each behind those that feed it; none for a box.</summary>
    public List<Part> Members { get; private set; } = [];

    /// <summary>The lines inside a frame with the points they go through, as seen from its corner.</summary>
    public Dictionary<Link, IReadOnlyList<Point>> Links { get; } = [];

    public double Width { get; set; }

    public double Height { get; set; }

    /// <summary>The left side as seen from the corner of <see cref="Parent"/>.</summary>
    public double X { get; set; }

    /// <summary>The upper side as seen from the corner of <see cref="Parent"/>.</summary>
    public double Y { get; set; }

    /// <summary>Where lines from outside enter a frame at its top, by their sources.</summary>
    public Dictionary<Part, double> Entries { get; } = [];

    /// <summary>Where lines leave a frame at its bottom, by their sources.</summary>
    public Dictionary<Part, double> Exits { get; } = [];

    /// <summary>The path as it is written inside its frame, which bears the rest.</summary>
    public string Label => Parent is { Path.Length: > 0 } frame && path.StartsWith($"{frame.Path}/", StringComparison.Ordinal)
        ? path[(frame.Path.Length + 1)..]
        : path;

    public Point Corner => Parent is null ? new Point(X, Y) : new Point(Parent.Corner.X + X, Parent.Corner.Y + Y);

    public IEnumerable<Part> Ancestors
    {
        get
        {
            for (Part? part = Parent; part is not null; part = part.Parent)
            {
                yield return part;
            }
        }
    }

    /// <summary>This part and all in it, frames before what they hold.</summary>
    public IEnumerable<Part> All => Members.SelectMany(m => m.All).Prepend(this);

    public double EntryOf(Part source) => Entries.GetValueOrDefault(source, Width / 2);

    public double ExitOf(Part source) => Exits.GetValueOrDefault(source, Width / 2);

    /// <summary>Puts parts into this frame.</summary>
    public void Hold(IEnumerable<Part> members)
    {
        Members = [.. members];
        Members.ForEach(m => m.Parent = this);
    }
}
