using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>alpha · A · B + beta · C for matrices, A and B transposed on request (ONNX Gemm). C is optional and broadcast.</summary>
    /// <param name="TransposeA">Whether A is given as [k, m].</param>
    /// <param name="TransposeB">Whether B is given as [n, k].</param>
    /// <param name="Alpha">Factor of the product.</param>
    /// <param name="Beta">Factor of C.</param>
    public sealed record Gemm(bool TransposeA = false, bool TransposeB = false, float Alpha = 1, float Beta = 1) : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new(
            "Gemm",
            new OnnxAttribute("alpha", Alpha),
            new OnnxAttribute("beta", Beta),
            new OnnxAttribute("transA", TransposeA ? 1L : 0L),
            new OnnxAttribute("transB", TransposeB ? 1L : 0L));

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            Shape a = context.Shape(0), b = context.Shape(1);
            if (a.Rank != 2)
            {
                return context.Fault($"a dense layer takes [N, features], but the input is {a}. Call Flatten() first.");
            }

            (Dimension m, Dimension k) = TransposeA ? (a[1], a[0]) : (a[0], a[1]);
            (Dimension n, Dimension inner) = TransposeB ? (b[0], b[1]) : (b[1], b[0]);
            if (k != inner)
            {
                return context.Fault($"the input {a} has {k} features, but the weights {b} expect {inner}.");
            }

            var shape = new Shape(m, n);
            return context.Inputs.Count == 2 || shape.Equals(Shape.Broadcast(shape, context.Shape(2)))
                ? [new TensorType(context.Inputs[0].Element, shape)]
                : context.Fault($"the biases {context.Shape(2)} do not fit the output {shape}.");
        }
    }

    /// <summary>The matrix product over the last two axes, the axes before them broadcast (ONNX MatMul).</summary>
    public sealed record MatMul : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("MatMul");

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            Shape a = context.Shape(0), b = context.Shape(1);
            if (a.Rank < 2 || b.Rank < 2 || a[-1] != b[-2])
            {
                return context.Fault($"{a} times {b} is no matrix product: the last axis of the first must equal the last but one of the second.");
            }

            return Shape.Broadcast(new Shape(a.SkipLast(2)), new Shape(b.SkipLast(2))) is { } outer
                ? [new TensorType(context.Inputs[0].Element, new Shape([.. outer, a[-2], b[-1]]))]
                : context.Fault($"{a} times {b} is no matrix product: the axes before the last two do not fit each other.");
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>Fully connected layers.</summary>
    public static class DenseLayers
    {
        /// <summary>
        /// A fully connected layer: [N, features] → [N, units], x·Wᵀ + b with W [units, features]; units · (features + 1) parameters.
        /// </summary>
        /// <param name="input">One row a sample, [N, features]; call <see cref="ShapeLayers.Flatten"/> first on pictures.</param>
        /// <param name="units">The number of outputs.</param>
        /// <param name="bias">Whether a bias is added.</param>
        /// <param name="weightInitializer">How the matrix starts; <see cref="Initializer.He"/> by default.</param>
        /// <param name="biasInitializer">How the biases start; zero by default.</param>
        /// <param name="name">The layer's name; <c>dense1</c>, <c>dense2</c>… by default.</param>
        public static Value Dense(
            this Value input,
            int units,
            bool bias = true,
            Initializer? weightInitializer = null,
            Initializer? biasInitializer = null,
            string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            Label label = Label.For("dense", name);
            string[] faults = units < 1 ? [$"`units` (={units}) must be at least 1."] : [];
            // A wrong rank is the operator's to report; the weight only needs some type until then.
            TensorType weightType = input.Type.IsUnknown || faults.Length > 0
                ? TensorType.Unknown
                : TensorType.Float(units, input.Shape.Rank == 2 ? input.Shape[1] : 1);
            var inputs = new List<Value>
            {
                input, new Parameter(label.Child("weight"), weightType, weightInitializer ?? Initializer.He, ParameterRole.Weight),
            };
            if (bias)
            {
                inputs.Add(new Parameter(label.Child("bias"), TensorType.Float(units), biasInitializer ?? Initializer.Zero, ParameterRole.Bias));
            }

            return new Node(new Gemm(TransposeB: true), label, inputs, faults).Output;
        }

        /// <summary>
        /// A fully connected layer with a matrix that comes from elsewhere: a parameter that several layers share
        /// (<see cref="Network.Parameter"/>), or anything computed from one.
        /// </summary>
        /// <param name="input">One row a sample, [N, features].</param>
        /// <param name="weight">The matrix [units, features].</param>
        /// <param name="bias">Biases [units], if there are any.</param>
        /// <param name="name">The layer's name; <c>dense1</c>, <c>dense2</c>… by default.</param>
        public static Value Dense(this Value input, Value weight, Value? bias = null, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            ArgumentNullException.ThrowIfNull(weight);
            string[] faults = weight.Shape.Rank == 2 || weight.Type.IsUnknown
                ? []
                : [$"the matrix of a dense layer has the shape [units, features], but `weight` is {weight.Shape}."];
            Value[] inputs = bias is null ? [input, weight] : [input, weight, bias];
            return new Node(new Gemm(TransposeB: true), Label.For("dense", name), inputs, faults).Output;
        }
    }
}
