using Cnn.Graph.Ir;

namespace Cnn.Graph.Operators;

/// <summary>Which input maps each output map of a partial convolution sees.</summary>
/// <param name="Rows">For each output map, its input maps.</param>
/// <param name="Inputs">The number of input maps.</param>
internal sealed record ConnectionTable(IReadOnlyList<IReadOnlyList<int>> Rows, long Inputs)
{
    /// <summary>The number of connections.</summary>
    public int Count => Rows.Sum(row => row.Count);

    public IEnumerable<string> Faults()
    {
        if (Rows.Count == 0)
        {
            yield return "`connections` must name the input maps of one output map at least.";
        }

        foreach ((int map, IReadOnlyList<int> row) in Rows.Index())
        {
            if (row.Count == 0)
            {
                yield return $"output map {map} of `connections` sees no input map.";
            }

            if (row.Any(c => c < 0 || c >= Inputs) || row.Distinct().Count() < row.Count)
            {
                yield return
                    $"output map {map} of `connections` (={string.Join(", ", row)}) must name each of its input maps once, " +
                    $"from 0 to {Inputs - 1}.";
            }
        }
    }

    /// <summary>For each connection how many numbers feed its output map, and how many an element of its input map feeds.</summary>
    public IEnumerable<Initializer.Fans> Fans(int taps)
    {
        ILookup<int, int> outputs = Rows.SelectMany(row => row).ToLookup(c => c);
        return Rows.SelectMany(row => row.Select(c => new Initializer.Fans(row.Count * taps, outputs[c].Count() * taps)));
    }

    /// <summary>Kernels [connections, 1, kh, kw] as those of a full convolution [O, C, kh, kw], zeros where nothing is connected.</summary>
    public Value Place(Value kernels, Shape full, Label layer)
    {
        if (kernels.Type.IsUnknown)
        {
            return kernels;
        }

        var sources = new long[Rows.Count * Inputs];
        Array.Fill(sources, -1);
        int connection = 0;
        foreach ((int map, IReadOnlyList<int> row) in Rows.Index())
        {
            foreach (int c in row)
            {
                sources[(map * Inputs) + c] = connection++;
            }
        }

        Value placed = new Node(new Rearrange(0, sources), layer.Child("placed"), [kernels]).Output;
        return new Node(new Reshape(full), layer.Child("kernels"), [placed]).Output;
    }
}
