namespace Cnn.Graph.Architectures;

/// <summary>
/// ZFNet (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2013, figure 3): AlexNet in one tower with smaller
/// kernels and strides in its first two layers, which pictures of what the maps answer to had called for.
/// </summary>
public static class ZfNet
{
    /// <summary>Of figure 3, and with 512, 1024 and 512 maps in layers 3 to 5, the paper's model (b).</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("zfnet", "ZFNet", 384, 384, 256),
        Of("zfnet-512-1024-512", "ZFNet with 512, 1024 and 512 maps", 512, 1024, 512),
    ];

    private static Architecture Of(string id, string title, int third, int fourth, int fifth) =>
        new(id, title, 2013, "Zeiler and Fergus, arXiv:1311.2901", [3, 224, 224], 1000, d => Create(d, title, third, fourth, fifth))
        {
            HasWidth = true,
            Recipe = new Recipe
            {
                Optimizer = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9, form: MomentumForm.Classical),
                Schedule = Schedules.OnPlateau(),
                BatchSize = 128,
                Epochs = 70,
            },
        };

    /// <summary>
    /// Poolings round up: only so do 110 and 26 become the paper's 55 and 13. The normalisation's constants are AlexNet's; the paper names
    /// none.
    /// </summary>
    private static Network Create(Design d, string title, int third, int fourth, int fifth)
    {
        Initializer start = Initializer.Gaussian(0.01);
        return d.Image()
            .Conv2d(d.Channels(96), kernel: 7, stride: 2, padding: 1, weightInitializer: start, name: "conv1").Relu(name: "relu1")
            .MaxPool2d(3, stride: 2, ceil: true, name: "pool1").LocalResponseNorm(k: 2, dividedAlpha: false, name: "norm1")
            .Conv2d(d.Channels(256), kernel: 5, stride: 2, weightInitializer: start, name: "conv2").Relu(name: "relu2")
            .MaxPool2d(3, stride: 2, ceil: true, name: "pool2").LocalResponseNorm(k: 2, dividedAlpha: false, name: "norm2")
            .Conv2d(d.Channels(third), kernel: 3, padding: 1, weightInitializer: start, name: "conv3").Relu(name: "relu3")
            .Conv2d(d.Channels(fourth), kernel: 3, padding: 1, weightInitializer: start, name: "conv4").Relu(name: "relu4")
            .Conv2d(d.Channels(fifth), kernel: 3, padding: 1, weightInitializer: start, name: "conv5").Relu(name: "relu5")
            .MaxPool2d(3, stride: 2, ceil: true, name: "pool5").Flatten(name: "flatten")
            .Dense(d.Channels(4096), weightInitializer: start, name: "fc6").Relu(name: "relu6").Dropout(0.5, name: "drop6")
            .Dense(d.Channels(4096), weightInitializer: start, name: "fc7").Relu(name: "relu7").Dropout(0.5, name: "drop7")
            .Dense(d.Classes, weightInitializer: start, name: "fc8")
            .Build(title);
    }
}
