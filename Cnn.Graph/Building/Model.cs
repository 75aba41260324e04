using System.Text.Json;
using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Onnx;

namespace Cnn.Graph;

/// <summary>A network with numbers: the definition and a tensor for each of its parameters and statistics. Immutable.</summary>
public sealed class Model
{
    /// <summary>The ai.onnx operator set that models are written for unless another is asked for.</summary>
    public const int DefaultOpset = 17;

    internal const string MetadataPrefix = "cnn.graph.";

    /// <summary>Joins a network and its numbers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">A tensor for each parameter and statistic, by its name.</param>
    /// <exception cref="CnnGraphException">
    /// A tensor is missing, is not used or has the wrong shape; the message names every one.
    /// </exception>
    public Model(Network network, IReadOnlyDictionary<string, TensorData> weights)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        WeightsCheck.Require(network, weights);
        Network = network;
        Weights = weights;
    }

    /// <summary>The definition.</summary>
    public Network Network { get; }

    /// <summary>The numbers, by the names of the network's variables.</summary>
    public IReadOnlyDictionary<string, TensorData> Weights { get; }

    /// <summary>What is known about the pictures that it takes and the answers that it gives; written into the ONNX file.</summary>
    public ModelCard Card { get; init; } = new();

    /// <summary>A network with freshly drawn numbers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="seed">The same seed gives the same numbers.</param>
    public static Model Initialize(Network network, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new Model(network, network.Variables.ToDictionary(p => p.Name, p => p.Initializer.Draw(p, seed)));
    }

    /// <summary>A network with the numbers of an ONNX file that this library wrote for it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The ONNX file.</param>
    /// <exception cref="CnnGraphException">The file cannot be read, or its parameters are not those of the network.</exception>
    public static Model Load(Network network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        OnnxModel onnx = OnnxModel.Load(path);
        var stored = onnx.Initializers.ToDictionary(i => i.Name);
        IEnumerable<string> parameters = ParametersOf(onnx) ?? throw new CnnGraphException(
            $"'{path}' was not written by this library: it does not say which of its tensors are parameters. WeightImport finds them.");
        var weights = parameters
            .Where(p => stored.ContainsKey(GraphEncoder.Identifier(p)))
            .ToDictionary(p => p, p => onnx.GetInitializer(GraphEncoder.Identifier(p)));
        WeightsCheck.Require(network, weights, path);
        return new Model(network, weights) { Card = ModelCard.Read(onnx.Metadata) };
    }

    /// <summary>
    /// The same function with batch normalisations folded into the convolutions and dense layers before them, for use; it answers the same
    /// to within rounding. A normalisation stays where others use the output or the weights of the layer before it too.
    /// </summary>
    public Model FoldBatchNorms() => BatchNormFolding.Apply(this);

    /// <summary>
    /// The same model for other classes: the last layer before each output gets as many units, freshly drawn, and all before it keeps its
    /// numbers. With its first layers frozen (<see cref="ParameterGroup.FrozenTo"/>, <see cref="ParameterGroup.Frozen"/>) that is how a
    /// trained network is adapted to another task.
    /// </summary>
    /// <param name="classes">The number of classes.</param>
    /// <param name="seed">The same seed draws the same numbers.</param>
    /// <exception cref="CnnGraphException">
    /// An output does not come from a dense layer or a convolution, or <paramref name="classes"/> is below 1.
    /// </exception>
    public Model ReplaceHead(int classes, long seed = 0) => NetworkHead.Replace(this, classes, seed);

    /// <summary>Writes the model for inference: nothing of training is in it, and the batch is free.</summary>
    /// <param name="path">The ONNX file; replaced only when the new one is complete.</param>
    /// <param name="opset">The ai.onnx operator set, 13 to 21.</param>
    /// <param name="embedLimit">
    /// More bytes of weights than this go to a second file, <c>&lt;name&gt;.data</c>, beside it; 1.5 GiB by default.
    /// </param>
    /// <exception cref="CnnGraphException">The file cannot be written, or the operator set is out of range.</exception>
    public void SaveOnnx(string path, int opset = DefaultOpset, long embedLimit = OnnxModel.DefaultEmbedLimit) => ToOnnx(opset).Save(path, embedLimit);

    /// <summary>The model for inference, in memory.</summary>
    /// <param name="opset">The ai.onnx operator set, 13 to 21.</param>
    /// <exception cref="CnnGraphException">The operator set is out of range.</exception>
    public OnnxModel ToOnnx(int opset = DefaultOpset) => ToOnnx(opset, DeviceLimits.None);

    /// <summary>The model for inference on a device that lacks some operators.</summary>
    internal OnnxModel ToOnnx(int opset, DeviceLimits limits)
    {
        if (opset is < 13 or > 21)
        {
            throw new CnnGraphException($"Models can be written for the operator sets 13 to 21, not {opset}.");
        }

        limits.Require(Network);
        IReadOnlyList<Value> outputs = PortableDialect.Instance.Lower(Network.Outputs, opset, limits);
        var encoder = new GraphEncoder(Network.Name, opset);
        foreach (Input input in Network.Inputs)
        {
            encoder.AddInput(input);
        }

        foreach (Variable variable in Network.Variables)
        {
            encoder.AddInitializer(variable, Weights[variable.Name]);
        }

        for (int i = 0; i < outputs.Count; i++)
        {
            encoder.AddOutput(OutputName(i), outputs[i]);
        }

        var metadata = new Dictionary<string, string>(Card.ToMetadata())
        {
            [ParametersKey] = JsonSerializer.Serialize(Network.Variables.Select(p => p.Name)),
        };
        return encoder.Finish(metadata);
    }

    /// <summary>The names of the parameters and statistics in a model that this library wrote; null in others.</summary>
    internal static string[]? ParametersOf(OnnxModel onnx)
    {
        try
        {
            return onnx.Metadata.TryGetValue(ParametersKey, out string? names) ? JsonSerializer.Deserialize<string[]>(names) : null;
        }
        catch (JsonException e)
        {
            throw new CnnGraphException($"The metadata '{ParametersKey}' is not a list of names: {e.Message}", e);
        }
    }

    internal const string ParametersKey = MetadataPrefix + "parameters";

    /// <summary>What an output of a network is called in a model.</summary>
    internal static string OutputName(int index) => index == 0 ? "output" : $"output{index + 1}";
}
