using Cnn.Graph.Ir;

namespace Cnn.Graph.Tests.Lowering;

/// <summary>
/// The operators that the portable dialect may use, with the element types that they take and give. All of them run on DirectML: the tests
/// of the category DirectML run every one there, with fallback to the CPU forbidden.
/// </summary>
internal static class PortableOperators
{
    public static IReadOnlySet<string> OnDirectML { get; } = new HashSet<string>
    {
        "Abs(Float) Float",
        "Add(Float) Float",
        "ArgMax(Float) Int64",
        "AveragePool(Float) Float",
        "BatchNormalization(Float) Float",
        "Clip(Float) Float",
        "Concat(Float) Float",
        "Conv(Float) Float",
        "ConvTranspose(Float) Float",
        "Div(Float) Float",
        "Elu(Float) Float",
        "Equal(Float) Bool",
        "Equal(Int64) Bool",
        "Erf(Float) Float",
        "Exp(Float) Float",
        "Expand(Float) Float",
        "Flatten(Float) Float",
        "Gather(Float) Float",
        "Gemm(Float) Float",
        "GlobalAveragePool(Float) Float",
        "GlobalMaxPool(Float) Float",
        "HardSigmoid(Float) Float",
        "InstanceNormalization(Float) Float",
        "LRN(Float) Float",
        "LayerNormalization(Float) Float",
        "LeakyRelu(Float) Float",
        "Log(Float) Float",
        "MatMul(Float) Float",
        "Max(Float) Float",
        "MaxPool(Float) Float",
        "Min(Float) Float",
        "Mul(Float) Float",
        "PRelu(Float) Float",
        "Pad(Float) Float",
        "Pow(Float) Float",
        "ReduceMax(Float) Float",
        "ReduceMean(Float) Float",
        "ReduceSum(Float) Float",
        "Relu(Float) Float",
        "Reshape(Float) Float",
        "Reshape(Int64) Int64",
        "Resize(Float) Float",
        "Sigmoid(Float) Float",
        "Slice(Float) Float",
        "Softmax(Float) Float",
        "Sqrt(Float) Float",
        "Sub(Float) Float",
        "Tanh(Float) Float",
        "Transpose(Float) Float",
        "Where(Bool, Float) Float",
    };

    /// <summary>
    /// <c>Where(Bool, Float) Float</c>: the types that a node takes, each once, and the one that it gives. Constants that belong to the
    /// node, such as the axes of a sum, are not listed.
    /// </summary>
    public static string Describe(Node node, int opset) =>
        $"{node.Op.Onnx(opset)!.OpType}({string.Join(", ", node.Inputs.Select(i => i.Type.Element).Distinct())}) {node.Output.Type.Element}";
}
