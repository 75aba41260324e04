using System.Globalization;
using System.Text;
using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Analysis;

/// <summary>What one layer costs and sees.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Operator">The operator's name.</param>
/// <param name="Output">The shape of one sample of its output, without the batch axis.</param>
/// <param name="Parameters">Trainable numbers that it is the first to use.</param>
/// <param name="Macs">Multiply-accumulates for one sample: of convolutions and dense layers, biases not counted.</param>
/// <param name="ActivationBytes">Bytes of one sample of its output.</param>
/// <param name="ReceptiveField">What one output element sees along each spatial axis, in input pixels; empty where there is none.</param>
/// <param name="Jump">Input pixels between neighbouring output elements, along each spatial axis; below 1 where pictures grew.</param>
/// <param name="Center">
/// The middle of what the first output element sees, along each spatial axis: 0.5 is the middle of the first input pixel, and padding may
/// take it outside the picture. That of element k lies k jumps further on, or back where the axis was turned round. Where branches meet, it
/// is the middle of all that they see; where pictures grew, neighbours differ, and it is right on average.
/// </param>
/// <param name="Connections">
/// Inputs of weighted sums, distances and pools for one sample, and one for each bias, as LeCun et al. (1998) count them. What a partial
/// convolution does not connect does not count.
/// </param>
public sealed record LayerSummary(
    string Name,
    string Operator,
    IReadOnlyList<long> Output,
    long Parameters,
    long Macs,
    long ActivationBytes,
    IReadOnlyList<int> ReceptiveField,
    IReadOnlyList<double> Jump,
    IReadOnlyList<double> Center,
    long Connections);

/// <summary>What layers of one kind have of a network.</summary>
/// <param name="Layers">Their number.</param>
/// <param name="Parameters">Their trainable numbers, biases among them; each counts where it is used first.</param>
/// <param name="Macs">Their multiply-accumulates for one sample.</param>
/// <param name="ParameterShare">Their part of the network's parameters, 0 to 1.</param>
/// <param name="MacShare">Their part of the network's multiply-accumulates, 0 to 1.</param>
public sealed record LayerShare(int Layers, long Parameters, long Macs, double ParameterShare, double MacShare);

/// <summary>The layers of a network with what they cost, for one sample.</summary>
public sealed class NetworkSummary
{
    private NetworkSummary(Network network, IReadOnlyList<LayerSummary> layers)
    {
        Network = network;
        Layers = layers;
        Convolutions = Share(op => op is Conv or ConvTranspose);
        Dense = Share(op => op is Gemm or MatMul or RadialBasis);
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

    /// <summary>
    /// The most bytes of activations at once while one sample passes in use: layers run in order, nothing is overwritten, and a value is
    /// freed behind the last layer that takes it.
    /// </summary>
    public long ForwardBytes => ForwardMemory.Peak(Network);

    /// <summary>Connections for one sample.</summary>
    public long Connections => Layers.Sum(l => l.Connections);

    /// <summary>
    /// Convolutions, transposed ones among them, also where their kernel is the whole picture. Locally connected layers share no weights
    /// and are none.
    /// </summary>
    public LayerShare Convolutions { get; }

    /// <summary>Dense layers: matrices of weights, and the prototypes of radial basis functions.</summary>
    public LayerShare Dense { get; }

    /// <summary>Layers with weights on the longest path from input to output: the depth by which networks are called.</summary>
    public int WeightLayers => WeightDepth.Of(Network.Inputs, Network.Nodes).GetValueOrDefault(Network.Outputs[0]);

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
            [.. fields[node.Output].Jump.Select(Math.Abs)],
            fields[node.Output].Center,
            Cost.Connections(node)))]);
    }

    private LayerShare Share(Func<Operator, bool> isOne)
    {
        Node[] nodes = [.. Network.Nodes.Where(node => isOne(node.Op) && Cost.Weights(node).Any())];
        long parameters = nodes.SelectMany(Cost.Weights).Distinct().Sum(p => p.Shape.CountPerSample());
        long macs = nodes.Sum(Cost.Macs);
        return new LayerShare(nodes.Length, parameters, macs, Part(parameters, Parameters), Part(macs, Macs));

        static double Part(long of, long all) => all == 0 ? 0 : (double)of / all;
    }

    /// <summary>The table and its totals.</summary>
    public override string ToString()
    {
        string[] heads = ["layer", "operator", "output", "parameters", "MACs", "activation bytes", "receptive field"];
        List<string[]> rows =
        [
            .. Layers.Select(l => new[]
            {
                l.Name, l.Operator, string.Join("x", l.Output), Count(l.Parameters), Count(l.Macs), Count(l.ActivationBytes),
                string.Join("x", l.ReceptiveField),
            }),
        ];
        int[] widths = [.. heads.Select((h, i) => rows.Select(r => r[i].Length).Append(h.Length).Max())];
        var text = new StringBuilder();
        text.AppendLine($"{Network.Name}: {string.Join(", ", Network.Inputs.Select(i => $"{i.Name} {i.Shape}"))}");
        Row(heads);
        text.Append("  ").AppendLine(new string('-', widths.Sum() + (2 * (widths.Length - 1))));
        rows.ForEach(Row);
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"  {Count(Parameters)} parameters ({Count(Parameters * 4)} bytes), {Count(Macs)} MACs, " +
            $"{Count(ActivationBytes)} bytes of activations a sample");
        text.AppendLine(
            CultureInfo.InvariantCulture, $"  {Count(Connections)} connections, {Count(ForwardBytes)} bytes of activations at once in use");
        text.Append(
            CultureInfo.InvariantCulture,
            $"  convolutions: {Convolutions.ParameterShare:P1} of the parameters, {Convolutions.MacShare:P1} of the MACs; " +
            $"dense layers: {Dense.ParameterShare:P1}, {Dense.MacShare:P1}");
        return text.ToString();

        // Names to the left, numbers to the right.
        void Row(string[] cells) => text.Append("  ").AppendLine(
            string.Join("  ", cells.Select((cell, i) => i < 3 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
