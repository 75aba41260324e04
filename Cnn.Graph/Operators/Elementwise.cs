using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>An operator on the elements of two tensors, broadcast against each other as in ONNX and NumPy.</summary>
    public abstract record BinaryOperator : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new(Name);

        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            (TensorType a, TensorType b) = (context.Inputs[0], context.Inputs[1]);
            if (a.Element != b.Element)
            {
                return context.Fault($"{Name} takes tensors of one element type, but got {a} and {b}.");
            }

            return Shape.Broadcast(a.Shape, b.Shape) is { } shape
                ? [new TensorType(ResultOf(a.Element), shape)]
                : context.Fault($"{a.Shape} and {b.Shape} do not fit each other: every axis must be equal, or 1 in one of them.");
        }

        private protected virtual ElementType ResultOf(ElementType operand) => operand;
    }

    /// <summary>a + b (ONNX Add).</summary>
    public sealed record Add : BinaryOperator;

    /// <summary>a − b (ONNX Sub).</summary>
    public sealed record Sub : BinaryOperator;

    /// <summary>a · b (ONNX Mul).</summary>
    public sealed record Mul : BinaryOperator;

    /// <summary>a / b (ONNX Div).</summary>
    public sealed record Div : BinaryOperator;

    /// <summary>The larger of a and b (ONNX Max). Where they are equal, the gradient goes to both in halves.</summary>
    public sealed record Max : BinaryOperator;

    /// <summary>The smaller of a and b (ONNX Min). Where they are equal, the gradient goes to both in halves.</summary>
    public sealed record Min : BinaryOperator;

    /// <summary>Whether a equals b (ONNX Equal).</summary>
    public sealed record Equal : BinaryOperator
    {
        private protected override ElementType ResultOf(ElementType operand) => ElementType.Bool;
    }

    /// <summary>Whether a is smaller than b (ONNX Less); never where one of them is no number.</summary>
    public sealed record Less : BinaryOperator
    {
        private protected override ElementType ResultOf(ElementType operand) => ElementType.Bool;
    }

    /// <summary>The first input where a condition holds, else the second (ONNX Where): inputs condition, then, otherwise.</summary>
    public sealed record Where : Operator
    {
        /// <inheritdoc/>
        public override OnnxForm Onnx(int opset) => new("Where");

        internal override IReadOnlyList<TensorType> Infer(Inference context) =>
            Shape.Broadcast(context.Shape(1), context.Shape(2)) is { } values && Shape.Broadcast(context.Shape(0), values) is { } shape
                ? [new TensorType(context.Inputs[1].Element, shape)]
                : context.Fault($"{context.Shape(0)}, {context.Shape(1)} and {context.Shape(2)} do not fit each other.");
    }
}

namespace Cnn.Graph
{
    /// <summary>Arithmetic on values: <c>a + b</c>, <c>2 * a</c>, and the layers that join branches.</summary>
    public static class Arithmetic
    {
        extension(Value)
        {
            /// <summary>The elementwise sum.</summary>
            public static Value operator +(Value a, Value b) => Binary(new Add(), a, b);

            /// <summary>The elementwise difference.</summary>
            public static Value operator -(Value a, Value b) => Binary(new Sub(), a, b);

            /// <summary>The elementwise product.</summary>
            public static Value operator *(Value a, Value b) => Binary(new Mul(), a, b);

            /// <summary>The elementwise quotient.</summary>
            public static Value operator /(Value a, Value b) => Binary(new Div(), a, b);

            /// <summary>A number added to every element.</summary>
            public static Value operator +(Value a, double b) => a + Number(b, a);

            /// <summary>A number added to every element.</summary>
            public static Value operator +(double a, Value b) => Number(a, b) + b;

            /// <summary>A number taken from every element.</summary>
            public static Value operator -(Value a, double b) => a - Number(b, a);

            /// <summary>Every element taken from a number.</summary>
            public static Value operator -(double a, Value b) => Number(a, b) - b;

            /// <summary>Every element times a number.</summary>
            public static Value operator *(Value a, double b) => a * Number(b, a);

            /// <summary>Every element times a number.</summary>
            public static Value operator *(double a, Value b) => Number(a, b) * b;

            /// <summary>A number divided by every element.</summary>
            public static Value operator /(double a, Value b) => Number(a, b) / b;

            /// <summary>Every element divided by a number.</summary>
            public static Value operator /(Value a, double b) => a / Number(b, a);
        }

        /// <summary>The elementwise sum of two branches, as behind a residual block (ONNX Add).</summary>
        /// <param name="a">One branch.</param>
        /// <param name="b">The other, of the same shape or one that broadcasts to it.</param>
        /// <param name="name">The layer's name; <c>add1</c>… by default.</param>
        public static Value Add(this Value a, Value b, string? name = null) => Binary(new Add(), a, b, name);

        /// <summary>The elementwise product of two branches (ONNX Mul).</summary>
        /// <param name="a">One branch.</param>
        /// <param name="b">The other, of the same shape or one that broadcasts to it.</param>
        /// <param name="name">The layer's name; <c>mul1</c>… by default.</param>
        public static Value Multiply(this Value a, Value b, string? name = null) => Binary(new Mul(), a, b, name);

        /// <summary>The elementwise maximum of two branches (ONNX Max).</summary>
        /// <param name="a">One branch.</param>
        /// <param name="b">The other, of the same shape or one that broadcasts to it.</param>
        /// <param name="name">The layer's name; <c>max1</c>… by default.</param>
        public static Value Maximum(this Value a, Value b, string? name = null) => Binary(new Max(), a, b, name);

        /// <summary>The elementwise minimum of two branches (ONNX Min).</summary>
        /// <param name="a">One branch.</param>
        /// <param name="b">The other, of the same shape or one that broadcasts to it.</param>
        /// <param name="name">The layer's name; <c>min1</c>… by default.</param>
        public static Value Minimum(this Value a, Value b, string? name = null) => Binary(new Min(), a, b, name);

        internal static Value Maximum(this Value a, double b) => Maximum(a, Number(b, a));

        internal static Value Minimum(this Value a, double b) => Minimum(a, Number(b, a));

        internal static Value IsEqual(this Value a, Value b) => Binary(new Equal(), a, b);

        internal static Value IsLess(this Value a, Value b) => Binary(new Less(), a, b);

        internal static Value Where(this Value condition, Value then, Value otherwise) =>
            new Node(new Where(), Label.For("where"), [condition, then, otherwise]).Output;

        /// <summary>A constant scalar of the element type of another value.</summary>
        internal static Constant Number(double number, Value like) => Constants.Scalar(number, like.Type.Element);

        private static Value Binary(BinaryOperator op, Value a, Value b, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(a);
            ArgumentNullException.ThrowIfNull(b);
            return new Node(op, Label.For(OperatorNames.Snake(op.Name), name), [a, b]).Output;
        }
    }
}
