using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// Network in network (Lin, Chen and Yan, 2013): behind every convolution two of 1x1, "cascaded cross channel parametric pooling", a
/// perceptron at every pixel; and the last maps are the classes, averaged over the picture. Layers that the paper leaves open are as its
/// authors released them.
/// </summary>
public static class NetworkInNetwork
{
    private const string Paper = "Lin et al., arXiv:1312.4400";

    /// <summary>For CIFAR and for ImageNet.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new("nin-cifar", "Network in network for CIFAR", 2013, Paper, [3, 32, 32], 10, CreateCifar)
        {
            HasWidth = true,
            Recipe = new Recipe
            {
                Optimizer = Descent(learningRate: 0.1, weightDecay: 1e-4),
                Schedule = Schedules.MultiStep([256]),
                BatchSize = 128,
                Epochs = 307, // 120,000 steps
            },
        },
        new("nin", "Network in network", 2013, Paper, [3, 224, 224], 1000, CreateImageNet)
        {
            HasWidth = true,
            Recipe = new Recipe
            {
                Optimizer = Descent(learningRate: 0.01, weightDecay: 5e-4), Schedule = Schedules.OnPlateau(), BatchSize = 64, Epochs = 90,
            },
        },
    ];

    private static Optimizer Descent(double learningRate, double weightDecay) =>
        Optimizer.Sgd(learningRate, momentum: 0.9, weightDecay, MomentumForm.Classical) with
        {
            Groups = new(ParameterGroup.BiasesAsInAlexNet),
        };

    private static Network CreateCifar(Design d) => d.Image()
        .Layer("conv1", d.Channels(192), kernel: 5).Layer("cccp1", d.Channels(160)).Layer("cccp2", d.Channels(96))
        .MaxPool2d(3, stride: 2, ceil: true, name: "pool1").Dropout(0.5, name: "drop1")
        .Layer("conv2", d.Channels(192), kernel: 5).Layer("cccp3", d.Channels(192)).Layer("cccp4", d.Channels(192))
        .AveragePool2d(3, stride: 2, ceil: true, name: "pool2").Dropout(0.5, name: "drop2")
        .Layer("conv3", d.Channels(192), kernel: 3).Layer("cccp5", d.Channels(192)).Layer("cccp6", d.Classes)
        .GlobalAveragePool(name: "pool3").Flatten(name: "scores")
        .Build("Network in network for CIFAR");

    private static Network CreateImageNet(Design d) => d.Image()
        .Conv2d(d.Channels(96), kernel: 11, stride: 4, weightInitializer: Initializer.Gaussian(0.01), name: "conv1")
        .Relu(name: "conv1_relu")
        .Layer("cccp1", d.Channels(96)).Layer("cccp2", d.Channels(96))
        .MaxPool2d(3, stride: 2, ceil: true, name: "pool1")
        .Layer("conv2", d.Channels(256), kernel: 5).Layer("cccp3", d.Channels(256)).Layer("cccp4", d.Channels(256))
        .MaxPool2d(3, stride: 2, ceil: true, name: "pool2")
        .Layer("conv3", d.Channels(384), kernel: 3, deviation: 0.01).Layer("cccp5", d.Channels(384)).Layer("cccp6", d.Channels(384))
        .MaxPool2d(3, stride: 2, ceil: true, name: "pool3").Dropout(0.5, name: "drop3")
        .Layer("conv4", d.Channels(1024), kernel: 3).Layer("cccp7", d.Channels(1024)).Layer("cccp8", d.Classes, deviation: 0.01)
        .GlobalAveragePool(name: "pool4").Flatten(name: "scores")
        .Build("Network in network");

    /// <summary>A convolution that keeps the size, and its rectifier.</summary>
    private static Value Layer(this Value x, string name, int channels, int kernel = 1, double deviation = 0.05) => x
        .Conv2d(channels, kernel, padding: kernel / 2, weightInitializer: Initializer.Gaussian(deviation), name: name)
        .Relu(name: $"{name}_relu");
}
