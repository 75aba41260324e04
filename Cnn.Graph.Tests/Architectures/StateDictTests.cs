using Cnn.Graph.Architectures;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>torchvision's names; the tests against torchvision itself hold all of them.</summary>
public class StateDictTests
{
    private static IEnumerable<string> Known => Architecture.All.Where(a => a.TorchModules is not null).Select(a => a.Id);

    [TestCaseSource(nameof(Known))]
    public void Every_variable_has_a_key_of_its_own(string id)
    {
        Network network = Architecture.Find(id).Build();

        IReadOnlyDictionary<string, string> keys = Architecture.Find(id).StateDictKeys(network);

        Assert.That(keys.Keys, Is.EquivalentTo(network.Variables.Select(v => v.Name)));
        Assert.That(keys.Values, Is.Unique.And.All.Match(@"^[A-Za-z0-9_.]+\.(weight|bias|running_mean|running_var)$"));
    }

    [TestCase("resnet50", "conv3_1/shortcut/bn/scale", "layer2.0.downsample.1.weight")]
    [TestCase("googlenet-aux", "loss2/classifier/bias", "aux2.fc2.bias")]
    [TestCase("mobilenet_v2", "bottleneck1_1/project_bn/variance", "features.1.conv.2.running_var")]
    [TestCase("squeezenet1_1", "fire9/squeeze1x1/weight", "features.12.squeeze.weight")]
    public void A_key(string id, string variable, string key) =>
        Assert.That(Architecture.Find(id).StateDictKeys(Architecture.Find(id).Build())[variable], Is.EqualTo(key));

    [Test]
    public void Others_have_none() => Assert.That(
        () => LeNet.Modern.StateDictKeys(LeNet.Modern.Build()),
        Throws.TypeOf<CnnGraphException>().With.Message.StartsWith("torchvision's names are not known for LeNet-5 ('lenet5'), only for alexnet, vgg11"));
}
