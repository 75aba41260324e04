using Cnn.Graph;
using Cnn.Graph.Ir;

namespace Snippets;

/// <summary>The program of docs/gradients.md, as a function.</summary>
public static class Gradients
{
    public static (Network Classifier, Network Explained) Build()
    {
#pragma warning disable format
// <snippet>
Value image = Network.Input("image", 1, 28, 28);
Value wanted = Network.Input("wanted", 10);                    // 1 for the class that is asked about, 0 for the others
Value maps = image.Conv2d(8, kernel: 5, padding: 2).Relu().MaxPool2d(2).Conv2d(16, kernel: 3, padding: 1).Relu();
Value scores = maps.Flatten().Dense(10);
Network classifier = scores.Build("classifier");               // this one is trained

// Gradients are taken of a scalar. No sample's score depends on another sample, so the sum serves the whole batch.
Value score = scores.Multiply(wanted).Sum();

// With respect to an input: the saliency map of Simonyan et al. (2014).
Value saliency = Gradient.Of(score, image)[0];                 // [N, 1, 28, 28]

// With respect to an inner value: how much each map counts, and what they show together (Grad-CAM, Selvaraju et al., 2017).
Value weight = Gradient.Of(score, maps)[0].Mean([2, 3], keepDims: true);
Value heat = weight.Multiply(maps).Sum([1]).Relu();            // [N, 14, 14]

// With respect to several values: one walk back serves them all, and parameters are values too.
Value kernels = classifier.Parameters[0];
IReadOnlyList<Value> all = Gradient.Of(classifier.Outputs[0].Sum(), classifier.Inputs[0], classifier["conv2"], kernels);

Network explained = NetworkBuilder.Build([scores, saliency, heat], "explained");
// </snippet>
#pragma warning restore format
        return all.Count == 3 ? (classifier, explained) : throw new InvalidOperationException("One gradient for each value.");
    }
}
