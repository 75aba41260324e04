using Cnn.Graph.Ir;
using Cnn.Graph.OrtTraining;
using Cnn.Graph.Randomness;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;
using Field = Cnn.Graph.OrtTraining.FlatBufferWriter.Field;

namespace Cnn.Graph.Tests.OrtTraining;

public class OrtCheckpointTests
{
    [Test]
    public void Round_trip_keeps_everything()
    {
        using var folder = new TemporaryFolder();
        OrtCheckpoint checkpoint = Sample();
        checkpoint.Save(folder["checkpoint"]);

        OrtCheckpoint loaded = OrtCheckpoint.Load(folder["checkpoint"]);

        Assert.That(folder.Files, Is.EqualTo(new[] { "checkpoint" }));
        AssertSame(loaded.Trained, checkpoint.Trained);
        AssertSame(loaded.Frozen, checkpoint.Frozen);
        Assert.That((loaded.Optimizer!.Step, loaded.Optimizer.LearningRate), Is.EqualTo((1L << 40, 0.25f)));
        Assert.That(loaded.Optimizer.Moments.Keys, Is.EqualTo(checkpoint.Optimizer!.Moments.Keys));
        Assert.That(loaded.Properties, Is.EqualTo(checkpoint.Properties));
        foreach ((string name, IReadOnlyList<TensorData> moments) in checkpoint.Optimizer.Moments)
        {
            Assert.That(loaded.Optimizer.Moments[name].Select(m => m.Floats()), Is.EqualTo(moments.Select(m => m.Floats())), name);
        }
    }

    [Test]
    public void A_fresh_one_has_no_optimizer_and_may_have_no_frozen_parameters()
    {
        var fresh = new OrtCheckpoint(Sample().Trained, new Dictionary<string, TensorData>());

        OrtCheckpoint loaded = Read(CheckpointFormat.Write(fresh).ToArray());

        AssertSame(loaded.Trained, fresh.Trained);
        Assert.That(loaded.Frozen, Is.Empty);
        Assert.That(loaded.Optimizer, Is.Null);
    }

    [Test]
    public void A_file_that_is_cut_short_anywhere_is_refused()
    {
        byte[] bytes = CheckpointFormat.Write(Sample()).ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(() => Read(bytes[..length]), Throws.InstanceOf<FormatException>(), $"{length} bytes of {bytes.Length}");
        }
    }

    /// <summary>Whatever a damaged file says, it is read within itself or refused.</summary>
    [Test]
    public void Any_damage_is_survived()
    {
        byte[] bytes = CheckpointFormat.Write(Sample()).ToArray();
        var random = new CounterRandom(1, "damage");
        int refused = 0;
        for (int i = 0; i < bytes.Length * 16; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i / 16] = (byte)random.Below(2 * i, 256);
            damaged[random.Below((2 * i) + 1, bytes.Length)] = (byte)i;
            try
            {
                Read(damaged);
            }
            catch (FormatException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(bytes.Length));
    }

    [Test]
    public void Unsound_files_are_told()
    {
        Field tensor = Tensor("w", 1, [2]), tensors = Field.Tables([tensor]), none = Field.Tables([]);
        Fails("does not begin with 'ODTC'", [.. "ONNX or some other file"u8]);
        Fails("version 1, and 2 can be read", Field.Int32(1));
        Fails("holds no parameters", Field.Int32(2));
        Fails("without their numbers", Field.Int32(2), Field.Table(none, none, Field.Bool(true)));
        Fails("in another file", Field.Int32(2), Field.Table(none, none, null, Field.Bool(true)));
        Fails("'w' is both trained and frozen", Field.Int32(2), Field.Table(tensors, tensors));
        Fails("two tensors 'w'", Field.Int32(2), Field.Table(Field.Tables([tensor, tensor]), none));
        FailsOf("'w' holds string", Tensor("w", 8, [2]));
        FailsOf("'w' does not fit its bytes", Tensor("w", 1, [3]));
        FailsOf("'w' does not fit its bytes", Tensor("w", 1, [-1, -2]));
        FailsOf("'w' does not fit its bytes", Tensor("w", 1, [1L << 62, 1L << 62]));
        FailsOf("'w' lies in another file", Tensor("w", 1, [2], offset: 0));
        Fails("is not UTF-8", [.. CheckpointFormat.Write(Sample()).ToArray().Select(b => b == (byte)'c' ? (byte)0xFF : b)]);
        Field state = Field.Table(Field.Text("w"), none), group = Field.Table(Field.Text("group0"), null, null, Field.Tables([state, state]));
        Field text = Field.Table(Field.Text("k"), Field.Text("v")), bag = Field.Table(none, none, Field.Tables([text, text]));
        Fails("two properties 'k'", Field.Int32(2), Field.Table(none, none), null, bag);
        Fails("two states of 'w'", Field.Int32(2), Field.Table(none, none), Field.Tables([group]));
    }

    [Test]
    public void Files_that_cannot_be_read_are_told()
    {
        using var folder = new TemporaryFolder();
        string damaged = folder.Write("x", [1, 2, 3]);
        Assert.That(() => OrtCheckpoint.Load(folder["no"]), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("no such file"));
        Assert.That(() => OrtCheckpoint.Load(folder.Path), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("is a folder"));
        Assert.That(
            () => OrtCheckpoint.Load(damaged),
            Throws.InstanceOf<CnnGraphException>().With.Message.EqualTo(
                $"'{damaged}' is not a sound checkpoint of ONNX Runtime Training: it does not begin with 'ODTC'."));
    }

    [Test]
    public void A_checkpoint_of_another_network_is_refused() => Assert.That(
        () => Sample().ToModel(Digits.Network()),
        Throws.InstanceOf<CnnGraphException>().With.Message.Contains("missing: conv1/weight").And.Message.Contains("not used: c1_weight"));

    private static OrtCheckpoint Sample()
    {
        TensorData weight = Tensors.Uniform("w", [3, 1, 2]), bias = Tensors.Uniform("b", [3]);
        return new OrtCheckpoint(
            new Dictionary<string, TensorData> { ["c1_weight"] = weight, ["c1_bias"] = bias, ["größe"] = TensorData.Scalar(1.5f) },
            new Dictionary<string, TensorData> { ["bn_mean"] = bias, ["nothing"] = TensorData.Of<float>([], 0, 3) },
            new OrtOptimizerState(1L << 40, 0.25f, new Dictionary<string, IReadOnlyList<TensorData>>
            {
                ["c1_weight"] = [weight, weight], ["c1_bias"] = [bias, TensorData.Vector(1f, 2f, 3f)],
            }))
        {
            Properties = new Dictionary<string, string> { ["cnn.graph.labels"] = "[\"größe\"]", ["empty"] = string.Empty },
        };
    }

    /// <summary>A tensor with eight bytes, whatever it says.</summary>
    private static Field Tensor(string name, int type, long[] dims, long offset = -1) =>
        Field.Table(Field.Text(name), null, Field.Int64s(dims), Field.Int32(type), Field.Bytes(new byte[8]), null, Field.Int64(offset));

    private static OrtCheckpoint Read(byte[] bytes) => CheckpointFormat.Read(bytes);

    private static void FailsOf(string words, Field tensor) => Fails(words, Field.Int32(2), Field.Table(Field.Tables([tensor]), Field.Tables([])));

    private static void Fails(string words, params Field?[] root) =>
        Fails(words, FlatBufferWriter.Write(Field.Table(root), "ODTC").ToArray());

    private static void Fails(string words, byte[] bytes) =>
        Assert.That(() => Read(bytes), Throws.InstanceOf<FormatException>().With.Message.Contains(words));

    private static void AssertSame(IReadOnlyDictionary<string, TensorData> actual, IReadOnlyDictionary<string, TensorData> expected)
    {
        Assert.That(actual.Select(t => $"{t.Key} {t.Value}"), Is.EqualTo(expected.Select(t => $"{t.Key} {t.Value}")));
        Assert.That(actual.Values.Select(t => t.Floats()), Is.EqualTo(expected.Values.Select(t => t.Floats())));
    }
}
