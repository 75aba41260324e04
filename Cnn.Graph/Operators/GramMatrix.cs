using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>By what a Gram matrix is divided.</summary>
public enum GramNormalization
{
    /// <summary>By nothing: G = F·Fᵀ, as the paper on style transfer has it, whose loss divides later.</summary>
    None,

    /// <summary>By the number of positions H·W, so that pictures of different sizes compare: the code that goes with the paper.</summary>
    Positions,

    /// <summary>By the number of elements C·H·W, so that layers compare as well (Johnson et al., 2016).</summary>
    Elements,
}

/// <summary>Layers that measure style.</summary>
public static class StyleLayers
{
    /// <summary>
    /// How much the channels of a picture go together (Gatys et al., 2015): [N, C, H, W] → [N, C, C], G = F·Fᵀ of each sample with F its
    /// channels as rows of H·W numbers.
    /// </summary>
    /// <param name="input">Pictures [N, C, H, W].</param>
    /// <param name="normalization">By what the sums are divided; by nothing by default.</param>
    /// <param name="name">The layer's name; <c>gram1</c>… by default.</param>
    public static Value GramMatrix(this Value input, GramNormalization normalization = GramNormalization.None, string? name = null)
    {
        IReadOnlyList<string> faults = input.FaultsAsPicture("a Gram matrix");
        (Dimension batch, long channels, long positions) = input.IsPicture()
            ? (input.Shape[0], input.Shape[1].Size, input.Shape[2].Size * input.Shape[3].Size)
            : (1, 1, 1);
        double divisor = normalization switch
        {
            GramNormalization.Positions => positions,
            GramNormalization.Elements => (double)channels * positions,
            _ => 1,
        };
        Label label = Label.For("gram", name);
        Value rows = new Node(new Reshape(new Shape(batch, channels, positions)), label.Child("rows"), [input], faults).Output;
        Value columns = new Node(new Transpose(0, 2, 1), label.Child("columns"), [rows]).Output;
        Value product = new Node(new MatMul(), divisor == 1 ? label : label.Child("product"), [rows, columns]).Output;
        return divisor == 1 ? product : new Node(new Mul(), label, [product, Arithmetic.Number(1 / divisor, input)]).Output;
    }
}
