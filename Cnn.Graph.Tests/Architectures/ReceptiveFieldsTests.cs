using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>
/// What layers of known networks see, and how far apart, against r ← r + (k − 1)·j, j ← j·s by hand. Some lectures print 151 for AlexNet,
/// which is conv5 behind windows of 2x2, and 276 for VGG, which no layer has.
/// </summary>
public class ReceptiveFieldsTests
{
    [TestCase("mnist-convnet", "conv3", 21, 8)]
    [TestCase("mnist-convnet", "pool3", 29, 8)]
    [TestCase("alexnet-grouped", "pool2", 67, 16)]
    [TestCase("alexnet-grouped", "conv5", 163, 16)]
    [TestCase("alexnet-grouped", "pool5", 195, 32)]
    [TestCase("zfnet", "conv5", 139, 16)]
    [TestCase("zfnet", "pool5", 171, 32)]
    [TestCase("vgg11", "pool5", 150, 32)]
    [TestCase("vgg13", "pool5", 156, 32)]
    [TestCase("vgg-c", "pool5", 156, 32)]
    [TestCase("vgg16", "conv5_3", 196, 16)]
    [TestCase("vgg16", "pool5", 212, 32)]
    [TestCase("vgg19", "conv5_4", 252, 16)]
    [TestCase("vgg19", "pool5", 268, 32)]
    [TestCase("all-cnn-c", "conv9", 27, 4)]
    [TestCase("deepface", "l4", 45, 2)]
    [TestCase("deepface", "l6", 73, 4)]
    public void Sizes_and_jumps(string id, string layer, int size, int jump)
    {
        LayerSummary summary = NetworkSummary.Of(Architecture.Find(id).Build()).Layers.Single(l => l.Name == layer);
        Assert.Multiple(() =>
        {
            Assert.That(summary.ReceptiveField, Is.EqualTo(new[] { size, size }));
            Assert.That(summary.Jump, Is.EqualTo(new double[] { jump, jump }));
        });
    }
}
