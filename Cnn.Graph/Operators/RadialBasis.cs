using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Operators
{
    /// <summary>
    /// −Σ (x − w)², the negative squared distance of each row of x to each row of w. A lowering says it in ONNX operators.
    /// </summary>
    public sealed record RadialBasis : Operator
    {
        internal override IReadOnlyList<TensorType> Infer(Inference context)
        {
            Shape x = context.Shape(0), w = context.Shape(1);
            if (x.Rank != 2)
            {
                return context.Fault($"an RBF layer takes [N, features], but the input is {x}. Call Flatten() first.");
            }

            return w.Rank == 2 && x[1] == w[1]
                ? [new TensorType(context.Inputs[0].Element, new Shape(x[0], w[0]))]
                : context.Fault($"the input {x} has {x[1]} features, but the prototypes are {w}.");
        }
    }
}

namespace Cnn.Graph
{
    /// <summary>Layers of Euclidean radial basis functions.</summary>
    public static class RadialBasisLayers
    {
        /// <summary>
        /// The output layer of LeNet-5 (LeCun et al., 1998): [N, features] → [N, units], one prototype w a class, W [units, features], and
        /// as score −Σ (x − w)². The paper gives the squared distance itself, which is smallest for the right class; its negative is
        /// highest there, as with any other scores, so that whatever takes the highest score finds the answer. Train it with
        /// <see cref="Loss.MaximumAPosteriori"/>.
        /// </summary>
        /// <remarks>
        /// The paper drew its prototypes by hand as pictures of 7x12 pixels of ±1 (<see cref="Initializer.Given"/>) and names random signs
        /// as another choice.
        /// </remarks>
        /// <param name="input">One row a sample, [N, features]; call <see cref="ShapeLayers.Flatten"/> first on pictures.</param>
        /// <param name="units">The number of prototypes: of classes.</param>
        /// <param name="prototypes">How the prototypes start; <see cref="Initializer.RandomSigns"/> by default.</param>
        /// <param name="frozen">Whether training leaves the prototypes as they are, as in the paper. They are no parameters then.</param>
        /// <param name="name">The layer's name; <c>rbf_output1</c>… by default.</param>
        public static Value RbfOutput(this Value input, int units, Initializer? prototypes = null, bool frozen = false, string? name = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            Label label = Label.For("rbf_output", name);
            string[] faults = units < 1 ? [$"`units` (={units}) must be at least 1."] : [];
            // A wrong rank is the operator's to report; the prototypes only need some type until then.
            TensorType type = input.Type.IsUnknown || faults.Length > 0
                ? TensorType.Unknown
                : TensorType.Float(units, input.Shape.Rank == 2 ? input.Shape[1] : 1);
            prototypes ??= Initializer.RandomSigns;
            Variable weight = frozen
                ? new Statistic(label.Child("weight"), type, prototypes)
                : new Parameter(label.Child("weight"), type, prototypes, ParameterRole.Weight);
            return new Node(new RadialBasis(), label, [input, weight], faults).Output;
        }
    }
}
