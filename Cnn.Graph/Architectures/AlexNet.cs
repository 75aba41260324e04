using Cnn.Graph.Ir;

namespace Cnn.Graph.Architectures;

/// <summary>
/// AlexNet (Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", NIPS 2012): five
/// convolutions in two towers, of which conv3 alone sees both, three dense layers, and normalisation across neighbouring maps. The paper
/// writes 224x224, but its layers have the sizes that 227x227 give. Poolings round up, as its program's did, so that 224x224 works as well.
/// </summary>
public static class AlexNet
{
    private const string Paper = "Krizhevsky et al., NIPS 2012";

    private static readonly Initializer Start = Initializer.Gaussian(0.01);

    /// <summary>As published, without the towers, as Caffe trained it twice, and in the newer widths of torchvision.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("alexnet-grouped", "AlexNet", new(Towers: 2)),
        Of("alexnet-one-tower", "AlexNet in one tower", new(Towers: 1)),
        Of("caffe-alexnet", "Caffe's AlexNet", new(Towers: 2, IsCaffe: true, FirstBias: 0.1)),
        Of("caffenet", "CaffeNet", new(Towers: 2, IsCaffe: true, PoolsFirst: true)),
        new("alexnet", "AlexNet, one weird trick", 2014, "Krizhevsky, arXiv:1404.5997", [3, 224, 224], 1000, CreateOneWeirdTrick)
        {
            HasWidth = true,
            TorchModules = network => StateDict.Sequences(network, second: "drop6"),
            Recipe = new Recipe
            {
                Optimizer = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9, weightDecay: 1e-4),
                Schedule = Schedules.Step(30),
                BatchSize = 256,
                Epochs = 90,
            },
        },
    ];

    /// <param name="Towers">Into how many groups conv2, conv4 and conv5 are split.</param>
    /// <param name="IsCaffe">
    /// Whether constants of the normalisation, the form of dropout, the dense layers' start and the schedule are Caffe's.
    /// </param>
    /// <param name="PoolsFirst">Whether pooling stands before normalisation.</param>
    /// <param name="FirstBias">
    /// Biases of conv2, conv4, conv5 and the hidden dense layers at first, which feed the rectifiers from the start.
    /// </param>
    private sealed record Plan(int Towers, bool IsCaffe = false, bool PoolsFirst = false, double FirstBias = 1);

    private static Architecture Of(string id, string title, Plan plan) =>
        new(id, title, 2012, Paper, [3, 227, 227], 1000, d => Create(d, title, plan))
        {
            HasWidth = true,
            Recipe = new Recipe
            {
                Optimizer = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4, MomentumForm.Classical) with
                {
                    Groups = new(ParameterGroup.BiasesAsInAlexNet),
                },
                Schedule = plan.IsCaffe ? Schedules.Step(20) : Schedules.OnPlateau(),
                BatchSize = plan.IsCaffe ? 256 : 128,
                Epochs = 90,
            },
        };

    private static Network Create(Design d, string title, Plan plan)
    {
        Initializer ones = Initializer.Constant(plan.FirstBias);
        return d.Image()
            .Convolution(1, Maps(96), kernel: 11, stride: 4).NormAndPool(1, plan)
            .Convolution(2, Maps(256), kernel: 5, padding: 2, groups: plan.Towers, bias: ones).NormAndPool(2, plan)
            .Convolution(3, Maps(384), kernel: 3, padding: 1)
            .Convolution(4, Maps(384), kernel: 3, padding: 1, groups: plan.Towers, bias: ones)
            .Convolution(5, Maps(256), kernel: 3, padding: 1, groups: plan.Towers, bias: ones)
            .MaxPool2d(3, stride: 2, ceil: true, name: "pool5")
            .Flatten(name: "flatten")
            .Hidden(6, d.Channels(4096), ones, plan)
            .Hidden(7, d.Channels(4096), ones, plan)
            .Dense(d.Classes, weightInitializer: Start, name: "fc8")
            .Build(title);

        // Both towers alike at any width.
        int Maps(int published) => plan.Towers * d.Channels(published / plan.Towers);
    }

    private static Value Convolution(
        this Value x, int number, int maps, int kernel, int stride = 1, int padding = 0, int groups = 1, Initializer? bias = null) => x
        .Conv2d(maps, kernel, stride, padding, groups: groups, weightInitializer: Start, biasInitializer: bias, name: $"conv{number}")
        .Relu(name: $"relu{number}");

    private static Value NormAndPool(this Value x, int number, Plan plan)
    {
        return plan.PoolsFirst ? Norm(Pool(x)) : Pool(Norm(x));

        Value Pool(Value y) => y.MaxPool2d(3, stride: 2, ceil: true, name: $"pool{number}");

        // Caffe divides alpha by the size, and its files leave k at 1.
        Value Norm(Value y) => y.LocalResponseNorm(
            size: 5, alpha: 1e-4, beta: 0.75, k: plan.IsCaffe ? 1 : 2, dividedAlpha: plan.IsCaffe, name: $"norm{number}");
    }

    private static Value Hidden(this Value x, int number, int units, Initializer bias, Plan plan) => x
        .Dense(units, weightInitializer: plan.IsCaffe ? Initializer.Gaussian(0.005) : Start, biasInitializer: bias, name: $"fc{number}")
        .Relu(name: $"relu{number}")
        .Dropout(0.5, plan.IsCaffe ? DropoutForm.Inverted : DropoutForm.Original, name: $"drop{number}");

    /// <summary>
    /// The widths of the later paper on training in parallel, without towers and normalisation, as torchvision has them; the start is
    /// PyTorch's, but for the biases, which are zero.
    /// </summary>
    private static Network CreateOneWeirdTrick(Design d)
    {
        Initializer start = Initializer.VarianceScaling(1.0 / 3, isUniform: true);
        return d.Image()
            .Conv2d(d.Channels(64), kernel: 11, stride: 4, padding: 2, weightInitializer: start, name: "conv1").Relu(name: "relu1")
            .MaxPool2d(3, stride: 2, name: "pool1")
            .Conv2d(d.Channels(192), kernel: 5, padding: 2, weightInitializer: start, name: "conv2").Relu(name: "relu2")
            .MaxPool2d(3, stride: 2, name: "pool2")
            .Conv2d(d.Channels(384), kernel: 3, padding: 1, weightInitializer: start, name: "conv3").Relu(name: "relu3")
            .Conv2d(d.Channels(256), kernel: 3, padding: 1, weightInitializer: start, name: "conv4").Relu(name: "relu4")
            .Conv2d(d.Channels(256), kernel: 3, padding: 1, weightInitializer: start, name: "conv5").Relu(name: "relu5")
            .MaxPool2d(3, stride: 2, name: "pool5").Flatten(name: "flatten")
            .Dropout(0.5, name: "drop6").Dense(d.Channels(4096), weightInitializer: start, name: "fc6").Relu(name: "relu6")
            .Dropout(0.5, name: "drop7").Dense(d.Channels(4096), weightInitializer: start, name: "fc7").Relu(name: "relu7")
            .Dense(d.Classes, weightInitializer: start, name: "fc8")
            .Build("AlexNet, one weird trick");
    }
}
