using Cnn.Graph.Text;

namespace Cnn.Graph.Architectures;

/// <summary>A network known from the literature.</summary>
/// <param name="Id">The short name by which the command line knows it: torchvision's where it has one.</param>
/// <param name="Title">Its name in prose.</param>
/// <param name="Year">When it was published.</param>
/// <param name="Paper">Where.</param>
/// <param name="Input">The shape of one sample it was made for: channels, height, width.</param>
/// <param name="Classes">The number of classes it was made for; where it makes pictures, the number of their channels.</param>
/// <param name="Create">Builds it.</param>
public sealed record Architecture(
    string Id, string Title, int Year, string Paper, IReadOnlyList<int> Input, int Classes, Func<Design, Network> Create)
{
    /// <summary>How it is trained when nothing else is asked for.</summary>
    public Recipe Recipe { get; init; } = new();

    /// <summary>Whether it can be built with all its layers narrower or wider.</summary>
    public bool HasWidth { get; init; }

    /// <summary>
    /// Given the network, torchvision's module for a layer's name; null where torchvision does not have the architecture. The layer's
    /// tensors are called alike in all, see <see cref="StateDict.Key"/>.
    /// </summary>
    internal Func<Network, Func<string, string>>? TorchModules { get; init; }

    /// <summary>Every architecture, family by family, oldest first.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        TimeDelayNetwork.Phonemes,
        .. LeNet.All, .. Baselines.All, .. VanillaCnn.All,
        .. AlexNet.All, .. ZfNet.All, .. NetworkInNetwork.All, .. Vgg.All, DeepFace.Faces, .. AllConvolutional.All,
        .. GoogLeNet.All, .. BnInception.All, .. InceptionV3.All,
        .. ResNet.All, .. CifarResNet.All, Dcgan.Generator, Dcgan.Discriminator,
        .. PreActivationResNet.All, .. SqueezeNet.All, .. DenseNet.All, .. InceptionV4.All, .. InceptionResNet.All,
        MobileNet.V1, .. NasNet.All, .. DeepImagePrior.All,
        MobileNetV2.Standard, .. AmoebaNet.All,
        MnistConvNet.Shifted,
    ];

    /// <summary>An architecture by its id.</summary>
    /// <param name="id">The id; upper and lower case, hyphen and underscore alike.</param>
    /// <exception cref="CnnGraphException">There is none; the message proposes the nearest.</exception>
    public static Architecture Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return All.FirstOrDefault(a => string.Equals(Plain(a.Id), Plain(id), StringComparison.OrdinalIgnoreCase))
            ?? throw new CnnGraphException($"There is no architecture '{id}'. {Proposal.For(id, All.Select(a => a.Id))} 'cnn list' shows all.");
    }

    /// <summary>Builds the network.</summary>
    /// <param name="classes">The number of classes; its own by default.</param>
    /// <param name="input">Channels, height and width; its own by default.</param>
    /// <param name="width">Times the channels of every layer, for a narrower or wider network; 1 by default.</param>
    /// <exception cref="CnnGraphException">The architecture has no such freedom.</exception>
    /// <exception cref="Ir.GraphException">The input is too small for the layers.</exception>
    public Network Build(int? classes = null, IReadOnlyList<int>? input = null, double width = 1)
    {
        if (!(width > 0) || !double.IsFinite(width) || (width != 1 && !HasWidth))
        {
            throw new CnnGraphException(
                HasWidth ? $"`width` (={width}) must be a finite number above 0." : $"{Title} ('{Id}') has one width only, so that `width` must be 1, not {width}.");
        }

        if (input is not null && input.Count != Input.Count)
        {
            throw new CnnGraphException(
                $"{Title} ('{Id}') takes {string.Join('x', Input)}, so that `input` must have {Input.Count} numbers, not {input.Count}: {string.Join('x', input)}.");
        }

        return Create(new Design(input ?? Input, classes ?? Classes, width));
    }

    /// <summary>
    /// The keys of torchvision's state dictionary for this architecture, by the names of the network's variables: <c>conv2_1/bn1/scale</c>
    /// is <c>layer1.0.bn1.weight</c>. Every variable has one, no two the same.
    /// </summary>
    /// <param name="network">A network that <see cref="Build"/> made.</param>
    /// <exception cref="CnnGraphException">torchvision does not have the architecture.</exception>
    public IReadOnlyDictionary<string, string> StateDictKeys(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Func<string, string> module = TorchModules?.Invoke(network) ?? throw new CnnGraphException(
            $"torchvision's names are not known for {Title} ('{Id}'), only for {string.Join(", ", All.Where(a => a.TorchModules is not null).Select(a => a.Id))}.");
        return network.Variables.ToDictionary(v => v.Name, v => StateDict.Key(v, module));
    }

    private static string Plain(string id) => id.Replace('_', '-');
}

/// <summary>What an architecture is built for.</summary>
/// <param name="Input">The shape of one sample: channels, height, width.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Width">Times the channels of every layer.</param>
public sealed record Design(IReadOnlyList<int> Input, int Classes, double Width)
{
    /// <summary>The network's input.</summary>
    internal Ir.Value Image() => Network.Input("image", [.. Input]);

    /// <summary>A layer's channels at this width, at least one.</summary>
    /// <param name="published">The channels of the published network.</param>
    internal int Channels(int published) => Math.Max(1, (int)Math.Round(published * Width, MidpointRounding.AwayFromZero));
}
