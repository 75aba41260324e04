namespace Cnn.Graph.Analysis.Drawing;

/// <summary>A place in a row: a column of parts, the end of lines at a frame, or a place where a line passes.</summary>
internal sealed class Vertex
{
    public int Row { get; set; }

    /// <summary>The middle.</summary>
    public double X { get; set; }

    public double Width { get; init; }

    public double Height { get; init; }

    /// <summary>Whether data flows through parts that stand here; lines, and kernels that are put together, give way.</summary>
    public bool IsMain { get; set; }

    public List<Segment> Above { get; } = [];

    public List<Segment> Below { get; } = [];
}

/// <summary>A piece of a line from one row to the next.</summary>
/// <param name="Upper">Where it begins.</param>
/// <param name="Lower">Where it ends.</param>
/// <param name="Out">By how much it begins beside the middle.</param>
/// <param name="In">By how much it ends beside the middle.</param>
internal sealed record Segment(Vertex Upper, Vertex Lower, double Out, double In)
{
    /// <summary>How far it goes to a side.</summary>
    public double Aside => Math.Abs(Upper.X + Out - Lower.X - In);
}

/// <summary>
/// The rows of a drawing in layers (Sugiyama, Tagawa and Toda, 1981): the order in which few lines cross, by barycentres; then places where
/// what is connected stands below one another.
/// </summary>
internal static class Layering
{
    private const int Sweeps = 8;

    /// <summary>Orders each row and sets the vertices' places along it.</summary>
    public static void Arrange(List<Vertex>[] rows)
    {
        Order(rows);
        foreach (List<Vertex> row in rows)
        {
            Place(row, v => 0);
        }

        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            Array.ForEach(rows, Down);
            Array.ForEach([.. rows.Reverse()], Up);
        }

        Array.ForEach(rows, Down);
    }

    private static void Order(List<Vertex>[] rows)
    {
        Vertex[][] best = Copy();
        int fewest = Crossings(rows);
        for (int sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            bool isDown = sweep % 2 == 0;
            foreach (List<Vertex> row in isDown ? rows : rows.Reverse())
            {
                Sort(row, rows, isDown);
            }

            if (Crossings(rows) is var crossings && crossings < fewest)
            {
                (best, fewest) = (Copy(), crossings);
            }
        }

        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = [.. best[i]];
        }

        Vertex[][] Copy() => [.. rows.Select(row => row.ToArray())];
    }

    private static void Sort(List<Vertex> row, List<Vertex>[] rows, bool isDown)
    {
        Dictionary<Vertex, double> key = row.Index().ToDictionary(v => v.Item, v =>
        {
            List<Segment> segments = isDown ? v.Item.Above : v.Item.Below;
            return segments.Count == 0 ? v.Index : segments.Average(s => isDown ? Key(s.Upper, s.Out, rows) : Key(s.Lower, s.In, rows));
        });
        Vertex[] sorted = [.. row.OrderBy(v => key[v])];
        row.Clear();
        row.AddRange(sorted);
    }

    private static double Key(Vertex vertex, double port, List<Vertex>[] rows) =>
        rows[vertex.Row].IndexOf(vertex) + (port / Math.Max(vertex.Width, 1) * 0.5);

    private static int Crossings(List<Vertex>[] rows)
    {
        int crossings = 0;
        foreach (List<Vertex> row in rows)
        {
            (double From, double To)[] lines =
                [.. row.SelectMany(v => v.Below).Select(s => (Key(s.Upper, s.Out, rows), Key(s.Lower, s.In, rows)))];
            for (int i = 0; i < lines.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    crossings += (lines[i].From - lines[j].From) * (lines[i].To - lines[j].To) < 0 ? 1 : 0;
                }
            }
        }

        return crossings;
    }

    private static void Down(List<Vertex> row) => Place(row, v => Wish(v, v.Above.Select(s => (s.Upper, s.Upper.X + s.Out - s.In))));

    private static void Up(List<Vertex> row) => Place(row, v => Wish(v, v.Below.Select(s => (s.Lower, s.Lower.X + s.In - s.Out))));

    /// <summary>The mean of where the neighbours would have it; what data flows through has a say before the rest.</summary>
    private static double Wish(Vertex vertex, IEnumerable<(Vertex Neighbour, double X)> neighbours)
    {
        (Vertex Neighbour, double X)[] all = [.. neighbours], main = [.. all.Where(n => n.Neighbour.IsMain)];
        return main.Length > 0 ? main.Average(n => n.X) : all.Length > 0 ? all.Average(n => n.X) : vertex.X;
    }

    /// <summary>
    /// Puts a row as near to its wishes as room allows, in order: the least sum of squares, found by pooling neighbours that are too close.
    /// What is not main gives way.
    /// </summary>
    private static void Place(List<Vertex> row, Func<Vertex, double> wish)
    {
        double[] offsets = new double[row.Count];
        var pools = new Stack<(double Weight, double At, int Count)>();
        for (int i = 0; i < row.Count; i++)
        {
            offsets[i] = i == 0 ? 0 : offsets[i - 1] + Distance(row[i - 1], row[i]);
            (double Weight, double At, int Count) pool = (row[i].IsMain ? 1e4 : 1, wish(row[i]) - offsets[i], 1);
            while (pools.TryPeek(out var last) && last.At >= pool.At)
            {
                pools.Pop();
                double weight = last.Weight + pool.Weight;
                pool = (weight, ((last.At * last.Weight) + (pool.At * pool.Weight)) / weight, last.Count + pool.Count);
            }

            pools.Push(pool);
        }

        double[] at = [.. pools.Reverse().SelectMany(pool => Enumerable.Repeat(pool.At, pool.Count))];
        for (int i = 0; i < row.Count; i++)
        {
            row[i].X = at[i] + offsets[i];
        }
    }

    private static double Distance(Vertex left, Vertex right) =>
        ((left.Width + right.Width) / 2) + (left.Width > 0 && right.Width > 0 ? 20 : 12);
}
