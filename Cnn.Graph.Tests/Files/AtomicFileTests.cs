using Cnn.Graph.Files;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Files;

public class AtomicFileTests
{
    [Test]
    public void A_failure_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a", [1]);
        Assert.That(
            () => AtomicFile.Write(path, s => { s.WriteByte(2); throw new IOException($"no space left: {path}.{Environment.ProcessId}.tmp"); }),
            Throws.InstanceOf<CnnGraphException>().With.Message.EqualTo($"'{path}' cannot be written: no space left: {path}"));
        Assert.That(folder.Files, Is.EqualTo(new[] { "a" }));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "links need a privilege there")]
    public void Links_are_followed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("target", [1]);
        File.CreateSymbolicLink(folder["link"], folder["target"]);
        AtomicFile.EnsureWritable(folder["link"]);
        AtomicFile.Write(folder["link"], s => s.WriteByte(2));
        Assert.That(new FileInfo(folder["link"]).LinkTarget, Is.EqualTo(folder["target"]));
        Assert.That(File.ReadAllBytes(folder["target"]), Is.EqualTo(new byte[] { 2 }));
    }

    /// <summary>The folder's name does not exist, so that a fault of the check could do no harm.</summary>
    [Test]
    [Platform(Exclude = "Win", Reason = "there is no such folder there")]
    public void Devices_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => AtomicFile.EnsureWritable("/dev/no-such-folder/x"), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("it is a device"));
        Assert.That(() => AtomicFile.Write("/dev/no-such-folder/x", _ => { }), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("it is a device"));
    });

    [Test]
    public void A_file_must_have_a_name() =>
        Assert.That(() => AtomicFile.EnsureWritable(string.Empty), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("must have a name"));
}
