using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.OrtTraining;

/// <summary>The operators of ONNX Runtime that training there is done with.</summary>
internal static class RuntimeDomain
{
    public const string Name = "com.microsoft";
}

/// <summary>
/// buffer ← buffer + x, in the buffer's own memory; buffer ← x where a third input is true. The result, bool [1], says that it was done.
/// </summary>
internal sealed record InPlaceAccumulator : Operator
{
    public override OnnxForm Onnx(int opset) => new("InPlaceAccumulatorV2") { Domain = RuntimeDomain.Name };

    internal override IReadOnlyList<TensorType> Infer(Inference context) => context.Inputs[0] == context.Inputs[1]
        ? [new TensorType(ElementType.Bool, new Shape(1))]
        : context.Fault($"{context.Inputs[1]} cannot be added to {context.Inputs[0]}: both must have one type.");
}

/// <summary>Uniform numbers in [0, 1) of the shape of the input, others at every run.</summary>
/// <param name="Seed">Decides the whole series; a whole number.</param>
internal sealed record UniformLike(float Seed) : UnaryOperator
{
    public override OnnxForm Onnx(int opset) =>
        new("RandomUniformLike", new OnnxAttribute("low", 0f), new OnnxAttribute("high", 1f), new OnnxAttribute("seed", Seed));
}
