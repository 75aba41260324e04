using System.Globalization;
using System.Text;
using Cnn.Graph.Ir;

namespace Cnn.Graph.Analysis;

/// <summary>What one layer costs and sees.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Operator">The operator's name.</param>
/// <param name="Output">The shape of one sample of its output, without the batch axis.</param>
/// <param name="Parameters">Trainable numbers that it is the first to use.</param>
/// <param name="Macs">Multiply-accumulates for one sample: of convolutions and dense layers, biases not counted.</param>
/// <param name="ActivationBytes">Bytes of one sample of its output.</param>
/// <param name="ReceptiveField">What one output element sees along each spatial axis, in input pixels; empty where there is no such axis.</param>
/// <param name="Jump">Input pixels between neighbouring output elements, along each spatial axis; below 1 where pictures grew.</param>
public sealed record LayerSummary(
    string Name,
    string Operator,
    IReadOnlyList<long> Output,
    long Parameters,
    long Macs,
    long ActivationBytes,
    IReadOnlyList<int> ReceptiveField,
    IReadOnlyList<double> Jump);

/// <summary>The layers of a network with what they cost, for one sample.</summary>
public sealed class NetworkSummary
{
    private NetworkSummary(Network network, IReadOnlyList<LayerSummary> layers)
    {
        Network = network;
        Layers = layers;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>Trainable numbers.</summary>
    public long Parameters => Network.ParameterCount;

    /// <summary>Multiply-accumulates for one sample; one is two floating-point operations.</summary>
    public long Macs => Layers.Sum(l => l.Macs);

    /// <summary>Bytes of all layers' outputs for one sample.</summary>
    public long ActivationBytes => Layers.Sum(l => l.ActivationBytes);

    /// <summary>Layers with weights on the longest path from input to output: the depth by which networks are called.</summary>
    public int WeightLayers => Depths(Network).GetValueOrDefault(Network.Outputs[0]);

    /// <summary>Summarises a network.</summary>
    /// <param name="network">The network.</param>
    public static NetworkSummary Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Dictionary<Value, ReceptiveField> fields = ReceptiveField.Of(network);
        var counted = new HashSet<Parameter>();
        return new NetworkSummary(network, [.. network.Nodes.Select(node => new LayerSummary(
            node.Name,
            node.Op.Name,
            [.. node.Output.Shape.Skip(1).Select(d => d.Size)],
            node.Inputs.OfType<Parameter>().Where(counted.Add).Sum(p => p.Shape.CountPerSample()),
            Cost.Macs(node),
            node.Output.Shape.CountPerSample() * node.Output.Type.Element.SizeInBytes(),
            fields[node.Output].Size,
            fields[node.Output].Jump))]);
    }

    /// <summary>The table and its totals.</summary>
    public override string ToString()
    {
        string[] heads = ["layer", "operator", "output", "parameters", "MACs", "activation bytes", "receptive field"];
        List<string[]> rows =
        [
            .. Layers.Select(l => new[]
            {
                l.Name, l.Operator, string.Join("x", l.Output), Count(l.Parameters), Count(l.Macs), Count(l.ActivationBytes), string.Join("x", l.ReceptiveField),
            }),
        ];
        int[] widths = [.. heads.Select((h, i) => rows.Select(r => r[i].Length).Append(h.Length).Max())];
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Network.Name}: {string.Join(", ", Network.Inputs.Select(i => $"{i.Name} {i.Shape}"))}");
        Row(heads);
        text.Append("  ").AppendLine(new string('-', widths.Sum() + (2 * (widths.Length - 1))));
        rows.ForEach(Row);
        text.Append(
            CultureInfo.InvariantCulture,
            $"  {Count(Parameters)} parameters ({Count(Parameters * 4)} bytes), {Count(Macs)} MACs, {Count(ActivationBytes)} bytes of activations a sample");
        return text.ToString();

        // Names to the left, numbers to the right.
        void Row(string[] cells) => text.Append("  ").AppendLine(
            string.Join("  ", cells.Select((cell, i) => i < 3 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
    }

    /// <summary>For each layer's output, the layers with weights on the longest path from an input to it.</summary>
    internal static Dictionary<Value, int> Depths(Network network)
    {
        var depths = new Dictionary<Value, int>(ReferenceEqualityComparer.Instance);
        foreach (Node node in network.Nodes)
        {
            int weights = node.Inputs.Any(i => i is Parameter { Role: ParameterRole.Weight }) ? 1 : 0;
            depths[node.Output] = node.Inputs.Max(i => depths.GetValueOrDefault(i)) + weights;
        }

        return depths;
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
