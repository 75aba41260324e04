using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Interop;

/// <summary>The tensors and the layers with weights of an ONNX model of any origin.</summary>
internal sealed class OnnxSkeleton
{
    private readonly Dictionary<string, StoredTensor> _tensors = [];
    private readonly Dictionary<string, int> _steps = [];
    private readonly HashSet<string>? _parameters;

    public OnnxSkeleton(OnnxModel model)
    {
        _parameters = Model.ParametersOf(model)?.Select(GraphEncoder.Identifier).ToHashSet();
        foreach (OnnxInitializer initializer in model.Initializers)
        {
            string name = initializer.Name;
            _tensors[name] = new StoredTensor(name, initializer.Type, initializer.Dims, () => model.GetInitializer(name));
        }

        foreach (NodeProto node in model.Proto.Graph.Node)
        {
            Add(node, model);
        }

        Skeleton.Result = model.Outputs.Count > 0 && _steps.TryGetValue(model.Outputs[0].Name, out int result) ? result : null;
    }

    /// <summary>The layers.</summary>
    public WeightSkeleton<StoredTensor> Skeleton { get; } = new();

    /// <summary>The tensors by all the names that they have: exporters store equal ones once and name the others with Identity.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <summary>Whether a tensor is a weight: models of this library say so, in others constants of one element are none.</summary>
    public bool IsWeight(StoredTensor tensor) => _parameters?.Contains(tensor.Name) ?? tensor.Dims.Any(d => d > 1);

    private void Add(NodeProto node, OnnxModel model)
    {
        if (node.OpType == "Constant" && node.Attribute.FirstOrDefault(a => a.Name == "value")?.T is { } constant)
        {
            string name = node.Output[0];
            _tensors[name] = new StoredTensor(name, OnnxTypes.ElementTypeOf(constant.DataType), [.. constant.Dims], () => model.Decode(constant, $"constant '{name}'"));
        }
        else if (node.OpType == "Identity" && Constant(node, 0) is { } tensor)
        {
            _tensors[node.Output[0]] = tensor;
        }
        else
        {
            int[] from = [.. node.Input.Where(_steps.ContainsKey).Select(i => _steps[i])];
            WeightLayer<StoredTensor>? layer = LayerOf(node, from);
            int step = Skeleton.Add(from, node.OpType is "Add" or "Sum" or "Mul" or "Max" or "Min", layer);
            foreach (string output in node.Output)
            {
                _steps[output] = step;
            }
        }
    }

    private StoredTensor? Constant(NodeProto node, int input) =>
        input < node.Input.Count ? _tensors.GetValueOrDefault(node.Input[input]) : null;

    private WeightLayer<StoredTensor>? LayerOf(NodeProto node, int[] from) => node.OpType switch
    {
        "Conv" => Layer(node, WeightLayerKind.Product, WeightRole.Weight, WeightRole.Bias),
        "ConvTranspose" => Layer(node, WeightLayerKind.TransposedProduct, WeightRole.Weight, WeightRole.Bias),
        "Gemm" => Layer(node, WeightLayerKind.Product, WeightRole.Weight, WeightRole.Bias),
        "MatMul" when Constant(node, 1)?.Dims.Count == 2 => Layer(node, WeightLayerKind.Product, WeightRole.Weight),
        "BatchNormalization" => Layer(
            node, WeightLayerKind.BatchNorm, WeightRole.Scale, WeightRole.Shift, WeightRole.Mean, WeightRole.Variance),
        "InstanceNormalization" or "LayerNormalization" or "GroupNormalization" =>
            Layer(node, WeightLayerKind.SampleNorm, WeightRole.Scale, WeightRole.Shift),
        "PRelu" => Layer(node, WeightLayerKind.Rectifier, WeightRole.Weight),
        "Add" => TakeBias(node, from),
        _ => null,
    };

    private WeightLayer<StoredTensor>? Layer(NodeProto node, WeightLayerKind kind, params WeightRole[] roles)
    {
        var tensors = new Dictionary<WeightRole, StoredTensor>();
        for (int i = 0; i < roles.Length; i++)
        {
            if (Constant(node, i + 1) is { } tensor)
            {
                tensors[roles[i]] = _tensors[node.Input[i + 1]] = tensor with
                {
                    IsTransposed = roles[i] == WeightRole.Weight && IsByColumns(node),
                    Epsilon = roles[i] == WeightRole.Variance ? Attribute(node, "epsilon")?.F ?? 1e-5f : null,
                };
            }
        }

        if (!tensors.TryGetValue(roles[0], out StoredTensor? first))
        {
            return null;
        }

        return new WeightLayer<StoredTensor>(node.Name.Length > 0 ? node.Name : node.Output[0], kind, first.Shape, tensors);
    }

    /// <summary>A constant vector that is added to a matrix product without a bias is its bias.</summary>
    private WeightLayer<StoredTensor>? TakeBias(NodeProto node, int[] from)
    {
        if (from is [int before] && Skeleton[before] is { Kind: WeightLayerKind.Product, Shape: [long units, _] } dense
            && (Constant(node, 0) ?? Constant(node, 1)) is { Dims: [long count] } bias && count == units)
        {
            dense.Tensors.TryAdd(WeightRole.Bias, bias);
        }

        return null;
    }

    /// <summary>Whether a dense layer's matrix is [features, units].</summary>
    private static bool IsByColumns(NodeProto node) =>
        node.OpType == "MatMul" || (node.OpType == "Gemm" && (Attribute(node, "transB")?.I ?? 0) == 0);

    private static AttributeProto? Attribute(NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);
}
