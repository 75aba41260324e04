using Cnn.Graph.Ir;
using Cnn.Graph.Onnx.Proto;
using Google.Protobuf;

namespace Cnn.Graph.Onnx;

/// <summary>
/// An ONNX model as its file has it, of whatever origin. Saving writes back everything that was read: weights bit by bit, attributes,
/// metadata, and fields of later ONNX versions that this library does not know. Immutable.
/// </summary>
public sealed class OnnxModel
{
    /// <summary>More bytes of weights than this go to a file beside the model: 1.5 GiB.</summary>
    public const long DefaultEmbedLimit = 3L << 29;

    private readonly string _what;
    private readonly string? _folder;

    internal OnnxModel(ModelProto proto, string what = "The model", string? folder = null)
    {
        Proto = proto;
        _what = what;
        _folder = folder;
    }

    /// <summary>The version of the file format.</summary>
    public long IrVersion => Proto.IrVersion;

    /// <summary>The imported operator sets: version by domain. ONNX's own domain is spelled <c>ai.onnx</c>.</summary>
    public IReadOnlyDictionary<string, long> Opsets =>
        field ??= FirstOfEach(Proto.OpsetImport, opset => OnnxTypes.DomainName(opset.Domain), opset => opset.Version);

    /// <summary>The tool that wrote the model; empty if unknown.</summary>
    public string ProducerName => Proto.ProducerName;

    /// <summary>The version of that tool; empty if unknown.</summary>
    public string ProducerVersion => Proto.ProducerVersion;

    /// <summary>The model's owner as a reverse DNS name; empty if unknown.</summary>
    public string Domain => Proto.Domain;

    /// <summary>The version of the model itself; 0 if unknown.</summary>
    public long ModelVersion => Proto.ModelVersion;

    /// <summary>The name of the graph.</summary>
    public string GraphName => Proto.Graph.Name;

    /// <summary>The metadata entries.</summary>
    public IReadOnlyDictionary<string, string> Metadata =>
        field ??= FirstOfEach(Proto.MetadataProps, entry => entry.Key, entry => entry.Value);

    /// <summary>What a caller must feed. Initializers that old models also list as inputs are not among them.</summary>
    public IReadOnlyList<OnnxValue> Inputs => field ??=
        [.. Proto.Graph.Input.Where(input => !InitializersByName.ContainsKey(input.Name)).Select(OnnxValue.Of)];

    /// <summary>What the model computes.</summary>
    public IReadOnlyList<OnnxValue> Outputs => field ??= [.. Proto.Graph.Output.Select(OnnxValue.Of)];

    /// <summary>The operator calls of the graph, in the file's order; those inside control flow are not among them.</summary>
    public IReadOnlyList<OnnxNode> Nodes => field ??= [.. Proto.Graph.Node.Select(OnnxNode.Of)];

    /// <summary>The constant tensors of the graph, in the file's order.</summary>
    public IReadOnlyList<OnnxInitializer> Initializers => field ??= [.. Proto.Graph.Initializer.Select(OnnxInitializer.Of)];

    /// <summary>The file's content. Not to be changed by others than who made it.</summary>
    internal ModelProto Proto { get; }

    private Dictionary<string, TensorProto> InitializersByName =>
        field ??= FirstOfEach(Proto.Graph.Initializer, tensor => tensor.Name, tensor => tensor);

    /// <summary>
    /// Reads a model file. Tensors that the model keeps in other files of its folder are checked now and read when they are asked for.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OnnxFormatException">
    /// The file is not there, cannot be read, or is not a sound model; all faults are told.
    /// </exception>
    public static OnnxModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new OnnxModel(ModelReader.Read(path), $"'{path}'", ModelReader.FolderOf(path));
    }

    /// <summary>Reads a model from memory. It must not keep tensors in other files.</summary>
    /// <param name="bytes">The bytes of a model file.</param>
    /// <exception cref="OnnxFormatException">The bytes are not a sound model; all faults are told.</exception>
    public static OnnxModel FromBytes(ReadOnlySpan<byte> bytes) => new(ModelReader.Parse(bytes, "The model", folder: null));

    /// <summary>
    /// Writes the model. The file appears complete or not at all. Weights of more bytes than the limit go to a second file,
    /// <c>&lt;name&gt;.data</c>, beside the first; tensors that came from such files keep theirs, which are copied into the new folder.
    /// Such a file of the model that is replaced goes when no model refers to it any more.
    /// </summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="embedLimit">
    /// How many bytes of weights the file itself takes, <see cref="DefaultEmbedLimit"/> by default; protobuf ends at 2 GiB.
    /// </param>
    /// <exception cref="CnnGraphException">A file cannot be written.</exception>
    public void Save(string path, long embedLimit = DefaultEmbedLimit)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelWriter.Write(Proto, _folder, path, embedLimit);
    }

    /// <summary>The bytes of a model file. Tensors that lie in other files stay there.</summary>
    /// <exception cref="CnnGraphException">
    /// The model takes more than the 2 GiB that one file can have; use <see cref="Save"/>.
    /// </exception>
    public byte[] ToBytes() => ModelWriter.ToBytes(Proto);

    /// <summary>The bytes of a model file with all tensors in it, those too that lie in other files.</summary>
    /// <exception cref="CnnGraphException">Together they take more than the 2 GiB that one file can have, or cannot be read.</exception>
    internal byte[] ToWholeBytes()
    {
        if (!ModelWalk.Tensors(Proto).Any(placed => ExternalData.IsUsedBy(placed.Tensor)))
        {
            return ToBytes();
        }

        ModelProto whole = Proto.Clone();
        foreach (TensorProto tensor in ModelWalk.Tensors(whole).Select(placed => placed.Tensor).Where(ExternalData.IsUsedBy))
        {
            TensorData data = Decode(tensor, $"tensor '{tensor.Name}'");
            tensor.ExternalData.Clear();
            tensor.ClearDataLocation();
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(data.Memory);
        }

        return ModelWriter.ToBytes(whole);
    }

    /// <summary>The numbers of a constant tensor.</summary>
    /// <param name="name">Its name, see <see cref="Initializers"/>.</param>
    /// <exception cref="CnnGraphException">There is no such tensor.</exception>
    /// <exception cref="OnnxFormatException">
    /// Its elements are of a type that <see cref="ElementType"/> lacks, or cannot be read.
    /// </exception>
    public TensorData GetInitializer(string name) =>
        InitializersByName.TryGetValue(name, out TensorProto? tensor)
            ? Decode(tensor, $"initializer '{name}'")
            : throw new CnnGraphException($"{_what} has no initializer '{name}'. It has {NamesOfInitializers()}.");

    /// <summary>The numbers of a tensor of this model.</summary>
    internal TensorData Decode(TensorProto tensor, string place) => TensorCodec.Decode(tensor, _folder, $"{_what}: {place}");

    private string NamesOfInitializers() =>
        Initializers.Count == 0 ? "none"
        : string.Join(", ", Initializers.Take(8).Select(initializer => initializer.Name))
            + (Initializers.Count > 8 ? $" and {Initializers.Count - 8} more" : string.Empty);

    // Files that repeat a key are reported by the inspection; reading must not fail on them.
    private static Dictionary<string, TValue> FirstOfEach<TItem, TValue>(
        IEnumerable<TItem> items, Func<TItem, string> key, Func<TItem, TValue> value)
    {
        var result = new Dictionary<string, TValue>();
        foreach (TItem item in items)
        {
            result.TryAdd(key(item), value(item));
        }

        return result;
    }
}
