namespace Cnn.Graph.Architectures;

/// <summary>
/// Three convolutions of stride 2, each with a rectifier and a max pooling of stride 1 behind, for digits that stand anywhere in a field of
/// 40x40 pixels: the example of B. Illing in W. Gerstner's lectures on artificial neural networks for how far pooling makes answers
/// indifferent to shifts.
/// </summary>
public static class MnistConvNet
{
    /// <summary>97,802 parameters, of which 92,672 lead to the 2x2x128 features and the others from them to ten classes.</summary>
    public static Architecture Shifted { get; } = new(
        "mnist-convnet", "Convolutional network for shifted digits", 2022, "lecture example (B. Illing)", [1, 40, 40], 10, Create)
    {
        HasWidth = true,
        Recipe = new Recipe
        {
            // The maxima of stride 1 make the first answers so large that plain descent dies of them.
            Optimizer = Optimizer.Adam(), Schedule = Schedules.Cosine,
        },
    };

    private static Network Create(Design d) => d.Image()
        .Conv2d(d.Channels(32), kernel: 3, stride: 2, name: "conv1").Relu(name: "relu1").MaxPool2d(2, stride: 1, name: "pool1")
        .Conv2d(d.Channels(64), kernel: 3, stride: 2, name: "conv2").Relu(name: "relu2").MaxPool2d(2, stride: 1, name: "pool2")
        .Conv2d(d.Channels(128), kernel: 3, stride: 2, name: "conv3").Relu(name: "relu3").MaxPool2d(2, stride: 1, name: "pool3")
        .Flatten(name: "flatten")
        .Dense(d.Classes, name: "fc10")
        .Build("Convolutional network for shifted digits");
}
