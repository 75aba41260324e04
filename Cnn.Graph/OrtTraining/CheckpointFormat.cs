using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Field = Cnn.Graph.OrtTraining.FlatBufferWriter.Field;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// How checkpoints lie in a FlatBuffer: version 2 of the schema of ONNX Runtime 1.17 to 1.19. The numbers are places of fields in tables.
/// </summary>
internal static class CheckpointFormat
{
    private const string Identifier = "ODTC", Group = "group0";
    private const int Version = 2;

    /// <summary>What the file takes beside the bytes of tensors, at most, for each tensor.</summary>
    private const long Overhead = 4096;

    // Checkpoint
    private const int VersionField = 0, Module = 1, Groups = 2, PropertyBag = 3;

    // Property bag, and a text in it
    private const int Texts = 2, TextName = 0, TextValue = 1;

    // Module
    private const int TrainedField = 0, FrozenField = 1, IsNominal = 2, HasExternalData = 3;

    // Tensor
    private const int TensorName = 0, Dims = 2, DataType = 3, RawData = 4, ExternalOffset = 6, TensorFields = 7;

    // Optimizer group, and the states of a parameter in it
    private const int GroupName = 0, Step = 1, Rate = 2, States = 3, ParameterName = 0, Momentums = 1;

    /// <exception cref="CnnGraphException">The tensors do not fit a file.</exception>
    public static MemoryStream Write(OrtCheckpoint checkpoint)
    {
        IEnumerable<TensorData> moments = checkpoint.Optimizer?.Moments.Values.SelectMany(m => m) ?? [];
        if (checkpoint.Trained.Values.Concat(checkpoint.Frozen.Values).Concat(moments).Sum(t => t.Bytes.Length + Overhead) > int.MaxValue)
        {
            throw new CnnGraphException("The checkpoint would take more than the 2 GiB that one file of ONNX Runtime Training can have.");
        }

        return FlatBufferWriter.Write(
            Field.Table(
                Field.Int32(Version),
                Field.Table(Tensors(checkpoint.Trained), Tensors(checkpoint.Frozen)),
                checkpoint.Optimizer is { } optimizer ? Field.Tables([GroupOf(optimizer)]) : null,
                checkpoint.Properties.Count > 0 ? Bag(checkpoint.Properties) : null),
            Identifier);
    }

    /// <exception cref="FormatException">The bytes are no sound checkpoint; the message says why, as the end of a sentence.</exception>
    public static OrtCheckpoint Read(ReadOnlyMemory<byte> file)
    {
        FlatTable root = FlatTable.Root(file, Identifier);
        if (root.GetInt32(VersionField) is not Version and var version)
        {
            throw new FormatException($"it has the version {version}, and {Version} can be read");
        }

        FlatTable module = root.GetTable(Module) ?? throw new FormatException("it holds no parameters");
        if (module.GetBool(IsNominal))
        {
            throw new FormatException("it only names parameters, without their numbers");
        }

        if (module.GetBool(HasExternalData))
        {
            throw new FormatException("it keeps its numbers in another file");
        }

        Dictionary<string, TensorData> trained = ReadTensors(module, TrainedField), frozen = ReadTensors(module, FrozenField);
        if (trained.Keys.FirstOrDefault(frozen.ContainsKey) is { } twice)
        {
            throw new FormatException($"'{twice}' is both trained and frozen");
        }

        FlatTable[] groups = [.. root.GetTables(Groups).Where(g => g.GetText(GroupName) == Group)];
        return new OrtCheckpoint(trained, frozen, groups is [var group, ..] ? ReadGroup(group) : null)
        {
            Properties = ReadTexts(root.GetTable(PropertyBag)),
        };
    }

    private static Field Bag(IReadOnlyDictionary<string, string> properties) => Field.Table(
        Field.Tables([]), // whole numbers
        Field.Tables([]), // floats
        Field.Tables(properties.Select(p => Field.Table(Field.Text(p.Key), Field.Text(p.Value)))));

    private static Dictionary<string, string> ReadTexts(FlatTable? bag)
    {
        var texts = new Dictionary<string, string>();
        foreach (FlatTable text in bag?.GetTables(Texts) ?? [])
        {
            string name = text.GetText(TextName);
            if (!texts.TryAdd(name, text.GetText(TextValue)))
            {
                throw new FormatException($"it has two properties '{name}'");
            }
        }

        return texts;
    }

    private static Field Tensors(IReadOnlyDictionary<string, TensorData> tensors) =>
        Field.Tables(tensors.Select(t => Tensor(t.Key, t.Value)));

    private static Field Tensor(string name, TensorData tensor)
    {
        var fields = new Field?[TensorFields];
        fields[TensorName] = Field.Text(name);
        fields[Dims] = Field.Int64s(tensor.Dims);
        fields[DataType] = Field.Int32((int)tensor.Type);
        fields[RawData] = Field.Bytes(tensor.Memory);
        fields[ExternalOffset] = Field.Int64(-1);
        return Field.Table(fields);
    }

    private static Field GroupOf(OrtOptimizerState optimizer) => Field.Table(
        Field.Text(Group),
        Field.Int64(optimizer.Step),
        Field.Float(optimizer.LearningRate),
        Field.Tables(optimizer.Moments.Select(p =>
            Field.Table(Field.Text(p.Key), Field.Tables(p.Value.Select((moment, i) => Tensor($"momentum{i}", moment)))))));

    private static OrtOptimizerState ReadGroup(FlatTable group)
    {
        var moments = new Dictionary<string, IReadOnlyList<TensorData>>();
        foreach (FlatTable state in group.GetTables(States))
        {
            string parameter = state.GetText(ParameterName);
            Dictionary<string, TensorData> tensors = ReadTensors(state, Momentums);
            if (!moments.TryAdd(parameter, [.. tensors.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value)]))
            {
                throw new FormatException($"the optimizer has two states of '{parameter}'");
            }
        }

        return new OrtOptimizerState(group.GetInt64(Step), group.GetFloat(Rate), moments);
    }

    private static Dictionary<string, TensorData> ReadTensors(FlatTable table, int slot)
    {
        var tensors = new Dictionary<string, TensorData>();
        foreach (FlatTable tensor in table.GetTables(slot))
        {
            string name = tensor.GetText(TensorName);
            if (!tensors.TryAdd(name, ReadTensor(tensor, name)))
            {
                throw new FormatException($"it has two tensors '{name}'");
            }
        }

        return tensors;
    }

    private static TensorData ReadTensor(FlatTable tensor, string name)
    {
        int number = tensor.GetInt32(DataType);
        ElementType type = OnnxTypes.ElementTypeOf(number);
        if (type == ElementType.Unknown)
        {
            throw new FormatException($"tensor '{name}' holds {OnnxTypes.NameOf(number)}, which is not computed with here");
        }

        if (tensor.GetInt64(ExternalOffset, absent: -1) >= 0)
        {
            throw new FormatException($"tensor '{name}' lies in another file");
        }

        try
        {
            return new TensorData(type, tensor.GetInt64s(Dims), tensor.GetBytes(RawData));
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new FormatException($"the shape of tensor '{name}' does not fit its bytes: {e.Message.TrimEnd('.')}", e);
        }
    }
}
