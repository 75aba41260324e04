using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph.Lowering.BatchLast;

/// <summary>Matrix products whose rows are samples: transposing the product transposes and swaps its factors.</summary>
internal static class DenseRules
{
    public static (Laid? Batched, Value? Plain) Apply(BatchLastLayout l, Node n, Gemm op)
    {
        (Value a, Value b) = (n.Inputs[0], n.Inputs[1]);
        bool hasUsualBias = n.Inputs.Count == 2 || n.Inputs[2].Shape.Equals(new Shape(n.Output.Shape[1]));
        if (l.IsLaid(a) && !op.TransposeA && !l.IsLaid(b) && hasUsualBias)
        {
            // (A·B + c)ᵀ = Bᵀ·Aᵀ + cᵀ
            List<Value> inputs = [l.Plain(b), l.Last(a).Data];
            if (n.Inputs.Count == 3)
            {
                inputs.Add(l.Plain(n.Inputs[2]).ReshapeTo(n.Output.Shape[1], 1));
            }

            return (new Laid(Node.Derive(new Gemm(!op.TransposeB, false, op.Alpha, op.Beta), "batch_last", inputs)), null);
        }

        if (l.IsLaid(a) && l.IsLaid(b) && op is { TransposeA: true, TransposeB: false } && n.Inputs.Count == 2)
        {
            // The batch is what the sum runs over.
            return (null, Node.Derive(new Gemm(TransposeB: true, Alpha: op.Alpha), "batch_last", [l.Last(a).Data, l.Last(b).Data]));
        }

        return default;
    }
}
