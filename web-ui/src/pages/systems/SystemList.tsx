import { useSystems } from '../../api/queries';
import { DataTable } from '../../ui/DataTable';
import { Page } from '../../ui/Page';
import { Empty, Loaded } from '../../ui/States';
import { SYSTEM_COLUMNS } from './columns';

/** What is connected, and does it answer? */
export function SystemList() {
  const systems = useSystems();
  return (
    <Page title="Systems" lead="The systems that hold records, and how far each is in step.">
      <Loaded query={systems}>
        {(data) =>
          data.length ? (
            <DataTable label="Systems" columns={SYSTEM_COLUMNS} rows={data} id={(system) => system.id} rowKeys />
          ) : (
            <Empty title="No system is connected">
              Systems and their mappings are named in the configuration file; the hub reads it when it starts. <span className="mono">kintsugi demo</span>{' '}
              shows three of them at work.
            </Empty>
          )
        }
      </Loaded>
    </Page>
  );
}
