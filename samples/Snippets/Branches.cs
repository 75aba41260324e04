using Cnn.Graph;
using Cnn.Graph.Ir;

namespace Snippets;

/// <summary>The README's second program, as a function.</summary>
public static class Branches
{
    public static (Network Saliency, Optimizer Optimizer) Build()
    {
#pragma warning disable format
// <snippet>
Value image = Network.Input("image", 3, 32, 32);
Value scores = image.Conv2d(16, kernel: 3, padding: 1).Relu()
    .Block("residual", x => x.Conv2d(16, kernel: 3, padding: 1).Relu().Conv2d(16, kernel: 3, padding: 1).Add(x)).Relu()
    .MaxPool2d(2).Flatten().Dropout(0.5).Dense(10);
Network saliency = NetworkBuilder.Build([scores, Gradient.Of(scores.Sum(), image)[0]], "saliency");
Optimizer optimizer = Optimizer.AdamW() with { Groups = new(ParameterGroup.Frozen("conv1/*")), Clipping = GradientClipping.GlobalNorm(2) };
// </snippet>
#pragma warning restore format
        return (saliency, optimizer);
    }
}
