namespace Cnn.Graph.Analysis.Drawing;

/// <summary>
/// Places the parts of a frame, from top to bottom. Parts that follow each other without a branch make a column; columns stand in rows by
/// the longest way to them, and lines that pass a row have a place of their own in it, so that none runs through a box.
/// </summary>
internal sealed class FrameLayout
{
    private const double Side = 10, Bottom = 8, Gap = 16, MostGap = 46;

    private readonly Part _frame;
    private readonly double _top;
    private readonly Dictionary<Part, Column> _columns = [];
    private readonly Dictionary<Part, Vertex> _entries = [], _exits = [];
    private readonly Dictionary<(Part Source, int Row), Vertex> _passages = [];
    private readonly Dictionary<Link, IReadOnlyList<Segment>> _ways = [];
    private double[] _rowTop = [], _rowBottom = [];

    private FrameLayout(Part frame, double top)
    {
        _frame = frame;
        _top = top;
    }

    /// <summary>Places all that a frame holds, inner frames first; boxes know their sizes.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="header">For each inner frame, how wide and high its heading is.</param>
    /// <param name="top">The height of its own heading.</param>
    public static void Arrange(Part frame, Func<Part, (double Width, double Height)> header, double top = Side)
    {
        foreach (Part inner in frame.Members.Where(m => m.Members.Count > 0))
        {
            (double width, double height) = header(inner);
            inner.Width = width;
            Arrange(inner, header, height);
        }

        new FrameLayout(frame, top).Arrange();
    }

    private void Arrange()
    {
        MakeColumns();
        List<Vertex>[] rows = MakeRows();
        Layering.Arrange(rows);
        double left = rows.SelectMany(r => r).Min(v => v.X - (v.Width / 2)), right = rows.SelectMany(r => r).Max(v => v.X + (v.Width / 2));
        double width = Math.Max(right - left + (2 * Side), _frame.Width), shift = ((width - right - left) / 2);
        foreach (Vertex vertex in rows.SelectMany(r => r))
        {
            vertex.X += shift;
        }

        PlaceRows(rows);
        _frame.Width = width;
        _frame.Height = _rowBottom[^1] + Bottom;
        foreach (Column column in _columns.Values.Distinct())
        {
            double middle = (_rowTop[column.Vertex.Row] + _rowBottom[column.Vertex.Row]) / 2;
            column.PlaceParts(middle - (column.Vertex.Height / 2));
        }

        foreach ((Part source, Vertex vertex) in _entries)
        {
            _frame.Entries[source] = vertex.X;
        }

        foreach ((Part source, Vertex vertex) in _exits)
        {
            _frame.Exits[source] = vertex.X;
        }

        foreach (Link link in _frame.Links.Keys)
        {
            _frame.Links[link] = [.. Route(link)];
        }
    }

    private void MakeColumns()
    {
        ILookup<Part, Link> into = _frame.Links.Keys.Where(l => l.To is not null).ToLookup(l => l.To!);
        ILookup<Part, Link> outOf = _frame.Links.Keys.Where(l => l.From is not null).ToLookup(l => l.From!);
        var columns = new List<List<Part>>();
        var of = new Dictionary<Part, List<Part>>();
        foreach (Part part in _frame.Members)
        {
            if (into[part].ToArray() is [{ From: { } above }] && outOf[above].Count() == 1)
            {
                (of[part] = of[above]).Add(part);
            }
            else
            {
                columns.Add(of[part] = [part]);
            }
        }

        foreach (List<Part> parts in columns)
        {
            var column = new Column(parts, Gap);
            parts.ForEach(part => _columns[part] = column);
        }
    }

    /// <summary>Gives each column a row and makes the ends and passages of lines.</summary>
    private List<Vertex>[] MakeRows()
    {
        Link[] links = [.. _frame.Links.Keys.Where(l => l.From is null || l.To is null || _columns[l.From] != _columns[l.To])];
        Column[] columns = [.. _columns.Values.Distinct()];
        int first = links.Any(l => l.From is null) ? 1 : 0;
        ILookup<Column?, Column?> above = links.Where(l => l.To is not null)
            .ToLookup(l => (Column?)_columns[l.To!], l => l.From is null ? null : _columns[l.From]);
        ILookup<Column?, Column> below = links.Where(l => l.From is not null && l.To is not null)
            .ToLookup(l => (Column?)_columns[l.From!], l => _columns[l.To!]);
        foreach (Column column in columns)
        {
            column.Vertex.Row = above[column].Select(c => c is null ? first : c.Vertex.Row + 1).Append(first).Max();
        }

        // What nothing feeds, such as kernels that are put together, stands just above what takes it.
        foreach (Column column in columns.Where(c => !above[c].Any() && below[c].Any()))
        {
            column.Vertex.Row = Math.Max(first, below[column].Min(c => c.Vertex.Row) - 1);
            column.Vertex.IsMain = column.IsFed;
        }

        int last = columns.Max(c => c.Vertex.Row) + (links.Any(l => l.To is null) ? 1 : 0);
        foreach (Link link in links)
        {
            Vertex from = link.From is null ? End(_entries, link.Source, 0) : _columns[link.From].Vertex;
            Vertex to = link.To is null ? End(_exits, link.Source, last) : _columns[link.To].Vertex;
            Connect(link, from, to);
        }

        // Lines that pass stand to the right of columns unless they would cross others there.
        List<Vertex>[] rows = [.. Enumerable.Range(0, last + 1).Select(_ => new List<Vertex>())];
        foreach (Vertex vertex in columns.Select(c => c.Vertex).Concat(_entries.Values).Concat(_exits.Values).Concat(_passages.Values))
        {
            rows[vertex.Row].Add(vertex);
        }

        return rows;

        static Vertex End(Dictionary<Part, Vertex> ends, Part source, int row) =>
            ends.TryGetValue(source, out Vertex? end) ? end : ends[source] = new Vertex { Row = row };
    }

    /// <summary>The pieces of a line, of which lines with the same source share as many as they can.</summary>
    private void Connect(Link link, Vertex from, Vertex to)
    {
        var way = new List<Segment>();
        for (Vertex at = from; at != to;)
        {
            Vertex next = at.Row + 1 == to.Row ? to
                : _passages.TryGetValue((link.Source, at.Row + 1), out Vertex? shared) ? shared
                : _passages[(link.Source, at.Row + 1)] = new Vertex { Row = at.Row + 1 };
            double beside = at == from && link.From is { } above ? _columns[above].ExitOf(link.Source) : 0;
            double behind = next == to && link.To is { } below ? _columns[below].EntryOf(link.Source) : 0;
            var segment = new Segment(at, next, beside, behind);
            if (!at.Below.Contains(segment))
            {
                at.Below.Add(segment);
                next.Above.Add(segment);
            }

            way.Add(segment);
            at = next;
        }

        _ways[link] = way;
    }

    private void PlaceRows(List<Vertex>[] rows)
    {
        (_rowTop, _rowBottom) = (new double[rows.Length], new double[rows.Length]);
        double y = _top;
        for (int i = 0; i < rows.Length; i++)
        {
            _rowTop[i] = y;
            _rowBottom[i] = y += rows[i].Max(v => v.Height);
            double aside = rows[i].SelectMany(v => v.Below).Select(s => s.Aside).DefaultIfEmpty(0).Max();
            double gap = aside < 1 && rows[i].All(v => v.Width == 0) ? Gap / 2 : Gap;
            y += Math.Min(gap + (aside / 12), MostGap);
        }
    }

    private IEnumerable<Point> Route(Link link)
    {
        if (!_ways.TryGetValue(link, out IReadOnlyList<Segment>? way))
        {
            // Straight down inside a column.
            yield return new Point(link.From!.X + link.From.ExitOf(link.Source), link.From.Y + link.From.Height);
            yield return new Point(link.To!.X + link.To.EntryOf(link.Source), link.To.Y);
            yield break;
        }

        yield return new Point(way[0].Upper.X + way[0].Out, link.From is null ? 0 : link.From.Y + link.From.Height);
        foreach (Segment piece in way)
        {
            yield return new Point(piece.Upper.X + piece.Out, _rowBottom[piece.Upper.Row]);
            yield return new Point(piece.Lower.X + piece.In, _rowTop[piece.Lower.Row]);
        }

        yield return new Point(way[^1].Lower.X + way[^1].In, link.To is null ? _frame.Height : link.To.Y);
    }
}
